package enginetest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Random is a small generator of its own (SplitMix64), the same everywhere.
type Random struct{ State uint64 }

// Next is 64 fresh bits.
func (r *Random) Next() uint64 {
	r.State += 0x9e3779b97f4a7c15
	z := r.State
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Below is a number from 0 to n-1.
func (r *Random) Below(n int) int { return int(r.Next() % uint64(n)) }

// Pick is one of the list.
func Pick[T any](r *Random, list []T) T { return list[r.Below(len(list))] }

// shape is one way a generated table is made.
type shape struct {
	definition string
	sorted     bool // has the sort key sk
	reads      []shapeRead
}

// shapeRead is a tree of the table: the IndexName member, the condition on its
// partition key, and its sort key if that is a number.
type shapeRead struct{ index, condition, rangeKey string }

const provisioned = `"ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}`

var shapes = []shape{
	{
		definition: `"BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[` + definitions("pk:S", "sk:N", "g:S", "r:N") + `],` + schema("KeySchema", "pk", "sk") +
			`,"GlobalSecondaryIndexes":[{"IndexName":"byG",` + schema("KeySchema", "g", "r") + `,"Projection":{"ProjectionType":"ALL"}},` +
			`{"IndexName":"byR",` + schema("KeySchema", "r", "") + `,"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["n","m"]}}],` +
			`"LocalSecondaryIndexes":[{"IndexName":"local",` + schema("KeySchema", "pk", "r") + `,"Projection":{"ProjectionType":"KEYS_ONLY"}}]`,
		sorted: true,
		reads: []shapeRead{
			{"", "pk = :pk", "sk"}, {`,"IndexName":"byG"`, "g = :g", "r"}, {`,"IndexName":"byR"`, "r = :r", ""}, {`,"IndexName":"local"`, "pk = :pk", "r"},
		},
	},
	{
		definition: provisioned + `,"AttributeDefinitions":[` + definitions("pk:S") + `],` + schema("KeySchema", "pk", ""),
		reads:      []shapeRead{{"", "pk = :pk", ""}},
	},
	{
		definition: provisioned + `,"AttributeDefinitions":[` + definitions("pk:S", "sk:N", "g:S") + `],` + schema("KeySchema", "pk", "sk") +
			`,"GlobalSecondaryIndexes":[{"IndexName":"back",` + schema("KeySchema", "g", "sk") + `,"Projection":{"ProjectionType":"KEYS_ONLY"},` + provisioned + `}]`,
		sorted: true,
		reads:  []shapeRead{{"", "pk = :pk", "sk"}, {`,"IndexName":"back"`, "g = :g", "sk"}},
	},
	{
		definition: `"BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[` + definitions("pk:S", "g:S", "r:N", "n:N") + `],` + schema("KeySchema", "pk", "") +
			`,"GlobalSecondaryIndexes":[{"IndexName":"multi","KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"r","KeyType":"HASH"},` +
			`{"AttributeName":"n","KeyType":"RANGE"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["x","l"]}}]`,
		reads: []shapeRead{{"", "pk = :pk", ""}, {`,"IndexName":"multi"`, "g = :g AND r = :r", "n"}},
	},
}

func definitions(list ...string) string {
	for i, d := range list {
		name, kind, _ := strings.Cut(d, ":")
		list[i] = `{"AttributeName":"` + name + `","AttributeType":"` + kind + `"}`
	}
	return strings.Join(list, ",")
}

func schema(member, hash, rangeKey string) string {
	s := `"` + member + `":[{"AttributeName":"` + hash + `","KeyType":"HASH"}`
	if rangeKey != "" {
		s += `,{"AttributeName":"` + rangeKey + `","KeyType":"RANGE"}`
	}
	return s + "]"
}

// key makes the key members of an item; id is the same for equal keys, whose
// numbers may be written in several ways.
func (s *shape) key(r *Random) (members, id string) {
	pk := r.Below(12)
	members = fmt.Sprintf(`"pk":{"S":"p%d"}`, pk)
	if !s.sorted {
		return members, members
	}
	sk := r.Below(40) - 10
	id = fmt.Sprint(pk, " ", sk)
	return members + `,"sk":{"N":"` + fmt.Sprintf(Pick(r, []string{"%d", "%d", "%d.0", "%de0", "%d0e-1"}), sk) + `"}`, id
}

// keys makes up to n different keys.
func (s *shape) keys(r *Random, n int) []string {
	var list []string
	seen := map[string]bool{}
	for range n {
		if key, id := s.key(r); !seen[id] {
			seen[id] = true
			list = append(list, key)
		}
	}
	return list
}

var updates = []string{
	"SET n = if_not_exists(n, :n) + :n", "ADD n :n, ss :ss", "SET l = list_append(if_not_exists(l, :l), :l)", "SET m = :m REMOVE g",
	"SET g = :g, r = :r DELETE ss :ss", "REMOVE r, x SET g = :g", "SET m.x = :n", "REMOVE l[0], l[2] SET r = :r", "SET l[1] = :g, l[5] = :m",
	"SET x = :x", "ADD ns :ns", "REMOVE n, l, ss",
}

var conditions = []string{
	"attribute_not_exists(pk)", "attribute_exists(pk)", "NOT n > :n", "n <> :n OR attribute_exists(g)", "attribute_not_exists(zzz)",
	"size(l) < :r OR attribute_not_exists(l)", "NOT contains(ss, :x)", "g <> :g", "r BETWEEN :zero AND :hundred OR attribute_not_exists(r)",
}

var filters = []string{
	"n > :n", "attribute_exists(m.x)", "contains(ss, :x)", "attribute_not_exists(x) OR x = :x", "m = :m", "n IN (:n, :zero)", "attribute_type(l, :L)",
}

var rangeConditions = []string{"@ > :n", "@ <= :n", "@ = :n", "@ BETWEEN :zero AND :hundred", ":n > @"}

var placeholder = regexp.MustCompile(`:\w+`)

// values is the ExpressionAttributeValues member for the placeholders in text.
func (g *generator) values(text string) string {
	names := placeholder.FindAllString(text, -1)
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return ""
	}
	for i, name := range names {
		names[i] = `"` + name + `":` + g.value(name[1:])
	}
	return `,"ExpressionAttributeValues":{` + strings.Join(names, ",") + "}"
}

// value is a value fit for the attribute, or the constant, of that name.
func (g *generator) value(name string) string {
	r := &g.random
	switch name {
	case "pk":
		return fmt.Sprintf(`{"S":"p%d"}`, r.Below(12))
	case "g":
		return fmt.Sprintf(`{"S":"%s"}`, Pick(r, []string{"red", "green", "blue", "grün", "\U0001F600"}))
	case "r", "n":
		return fmt.Sprintf(`{"N":"%d"}`, r.Below(30)-5)
	case "zero":
		return `{"N":"0"}`
	case "hundred":
		return `{"N":"1e2"}`
	case "L":
		return `{"S":"L"}`
	case "ss":
		return fmt.Sprintf(`{"SS":["x%d","y%d"]}`, r.Below(5), r.Below(5))
	case "ns":
		return fmt.Sprintf(`{"NS":["%d","0.%d5"]}`, r.Below(50), r.Below(9))
	case "l":
		return fmt.Sprintf(`{"L":[{"N":"%d"},{"S":"two"}]}`, r.Below(9))
	case "m":
		return fmt.Sprintf(`{"M":{"x":{"N":"%d"},"deep":{"M":{"b":{"B":"AQID"},"t":{"BOOL":true}}}}}`, r.Below(3))
	}
	return fmt.Sprintf(`{"S":"x%d%s"}`, r.Below(5), strings.Repeat("x", r.Below(3)*r.Below(700)))
}

// attributes are some attributes of an item, each with a comma before it.
func (g *generator) attributes() string {
	var s strings.Builder
	for _, name := range []string{"g", "r", "n", "l", "m", "ss", "ns", "x"} {
		if g.random.Below(3) > 0 {
			s.WriteString(`,"` + name + `":` + g.value(name))
		}
	}
	return s.String()
}
