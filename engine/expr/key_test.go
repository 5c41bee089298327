package expr

import (
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/attr"
)

var rangeText = [...]string{"=", "<", "<=", ">", ">=", "between", "begins"}

func plainText(v attr.Value) string {
	if v.Kind() == attr.N {
		return v.Number().String()
	}
	return v.Str()
}

// keyed describes a key condition: hash values | range terms.
func keyed(k *KeyCondition) string {
	var hash, rng []string
	for _, v := range k.Hash {
		hash = append(hash, plainText(v))
	}
	for _, r := range k.Range {
		rng = append(rng, strings.TrimSpace(r.Name+" "+rangeText[r.Op]+" "+plainText(r.Low)+" "+plainText(r.High)))
	}
	return strings.Join(hash, " ") + " | " + strings.Join(rng, ", ")
}

// The key is "hash…" or "hash… / range…".
func key(src, schema string) (*KeyCondition, error) {
	c, err := ParseCondition(src)
	if err == nil {
		err = c.Resolve(NewScope(map[string]string{"#n": "name"}, sampleValues()))
	}
	if err != nil {
		return nil, err
	}
	hash, rng, _ := strings.Cut(schema, "/")
	return c.Key(strings.Fields(hash), strings.Fields(rng))
}

func TestKey(t *testing.T) {
	for _, c := range []struct{ schema, src, want string }{
		{"pk", "pk = :s", "a | "},
		{"pk", ":s = pk", "a | "},
		{"pk", "(pk = :n)", "1 | "},
		{"name", "#n = :s", "a | "},
		{"pk / sk", "pk = :s", "a | "},
		{"pk / sk", "pk = :s AND sk = :n", "a | sk = 1"},
		{"pk / sk", "sk < :n AND pk = :s", "a | sk < 1"},
		{"pk / sk", "(pk = :s) AND (sk >= :s2)", "a | sk >= b"},
		{"pk / sk", "(pk = :s AND sk <= :s2)", "a | sk <= b"},
		{"pk / sk", "pk = :s AND :n < sk", "a | sk > 1"},
		{"pk / sk", "pk = :s AND :n >= sk", "a | sk <= 1"},
		{"pk / sk", "pk = :s AND :n = sk", "a | sk = 1"},
		{"pk / sk", "pk = :s AND sk BETWEEN :n AND :n2", "a | sk between 1 2"},
		{"pk / sk", "begins_with(sk, :s2) AND pk = :s", "a | sk begins b"},
		{"a b / c d", "b = :s2 AND a = :s", "a b | "},
		{"a b / c d", "d > :n AND c = :n2 AND b = :s2 AND a = :s", "a b | c = 2, d > 1"},
		{"a b / c d", "a = :s AND (b = :s2 AND begins_with(c, :s))", "a b | c begins a"},
		{"a / b c d e", "a = :s AND b = :s AND c = :s AND d = :s AND e < :s", "a | b = a, c = a, d = a, e < a"},
	} {
		k, err := key(c.src, c.schema)
		if err != nil {
			t.Errorf("%s: %s", c.src, fault(c.src, err))
		} else if got := keyed(k); got != c.want {
			t.Errorf("%s: %s, want %s", c.src, got, c.want)
		}
	}
}

func TestKeyFaults(t *testing.T) {
	for _, c := range []struct{ schema, src, want string }{
		// what is no condition on a key at all, whatever the key
		{"pk / sk", "pk = :s OR sk = :s", "KeyOperator(OR) «pk = :s OR sk = :s»"},
		{"pk / sk", "pk = :s AND NOT sk = :s", "KeyOperator(NOT) «NOT sk = :s»"},
		{"pk / sk", "pk IN (:s)", "KeyOperator(IN) «pk IN (:s)»"},
		{"pk / sk", "pk = :s AND sk <> :s", "KeyOperator(<>) «sk <> :s»"},
		{"pk / sk", "pk = :s AND attribute_exists(sk)", "KeyOperator(attribute_exists) «attribute_exists(sk)»"},
		{"pk / sk", "pk = :s AND contains(sk, :s)", "KeyOperator(contains) «contains(sk, :s)»"},
		{"pk / sk", "pk = :s AND size(sk) > :n", "KeyNestedOperation «size(sk)»"},
		{"pk / sk", "pk = :s AND begins_with(sk, size(a))", "KeyNestedOperation «size(a)»"},
		{"pk / sk", "pk = :s AND sk.a = :s", "KeyNestedAttribute «sk.a»"},
		{"pk / sk", "pk[0] = :s", "KeyNestedAttribute «pk[0]»"},
		{"pk / sk", "pk = sk", "KeySeveralAttributes «sk»"},
		{"pk / sk", "pk = :s AND begins_with(sk, G_M)", "KeySeveralAttributes «G_M»"},
		{"pk / sk", "pk = :s AND sk BETWEEN :s AND a", "KeySeveralAttributes «a»"},
		{"pk / sk", ":s = :s2", "KeyNoAttribute «:s = :s2»"},
		{"pk / sk", "pk = :s AND :s BETWEEN :s AND :s2", "KeyNoAttribute «:s BETWEEN :s AND :s2»"},
		{"pk / sk", "pk = :s AND :s BETWEEN sk AND :s2", "KeyFirstOperand(BETWEEN) «sk»"},
		{"pk / sk", "pk = :s AND begins_with(:s, sk)", "KeyFirstOperand(begins_with) «sk»"},
		{"pk / sk", "pk = :s AND pk = :s2", "KeyRepeated «pk = :s2»"},
		{"pk / sk", "pk = :s AND sk > :n AND sk < :n2", "KeyRepeated «sk < :n2»"},

		// one hash, perhaps one range
		{"pk / sk", "sk = :s", "KeyMissing(pk) «sk = :s»"},
		{"pk", "a = :s", "KeyMissing(pk) «a = :s»"},
		{"pk / sk", "pk = :s AND a = :s", "KeyMissing(sk) «pk = :s AND a = :s»"},
		{"pk / sk", "a = :s AND sk = :s", "KeyMissing(pk) «a = :s AND sk = :s»"},
		{"pk / sk", "pk > :s", "KeyNotSupported(pk) «pk > :s»"},
		{"pk / sk", "pk BETWEEN :s AND :s2 AND sk = :s", "KeyNotSupported(pk) «pk BETWEEN :s AND :s2»"},
		{"pk", "begins_with(pk, :s)", "KeyNotSupported(pk) «begins_with(pk, :s)»"},
		{"pk", "pk = :s AND a = :s", "KeyNotSupported(a) «a = :s»"},
		{"pk", "a = :s AND pk = :s", "KeyNotSupported(a) «a = :s»"},
		{"pk / sk", "pk = :s AND sk = :s AND a = :s", "KeyLength «pk = :s AND sk = :s AND a = :s»"},

		// keys of several attributes
		{"a b / c d", "a = :s AND c = :s", "KeyMissing(b) «a = :s AND c = :s»"},
		{"a b / c d", "a = :s AND b > :s", "KeyNotSupported(b) «b > :s»"},
		{"a b / c d", "a = :s AND b = :s AND d = :s", "KeyMissing(c) «a = :s AND b = :s AND d = :s»"},
		{"a b / c d", "a = :s AND b = :s AND c > :s AND d = :s", "KeyRangeNotLast(c) «c > :s»"},
		{"a b / c", "a = :s AND b = :s AND c = :s AND d = :s",
			"KeyExceeds(4; 3) «a = :s AND b = :s AND c = :s AND d = :s»"},
	} {
		_, err := key(c.src, c.schema)
		expectFault(t, c.src, err, c.want)
	}
}
