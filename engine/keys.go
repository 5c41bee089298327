package engine

import (
	"slices"
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
	"github.com/sortkey/sortkey/engine/store"
)

// Limits on key values in bytes.
const (
	maxHashKey  = store.MaxHashKey
	maxRangeKey = store.MaxRangeKey
)

// dataTable is the table a data-plane request works on, if its policy does not
// deny that.
func (x *exchange) dataTable(given text) (*table, error) { return x.indexedTable(given, text{}) }

// indexedTable is dataTable for a request that may read an index: then it is
// the index that a policy must not deny.
func (x *exchange) indexedTable(given, index text) (*table, error) {
	t, err := x.readableTable(given)
	if err != nil {
		return nil, err
	}
	return t, x.permit(t, x.operation, index.v)
}

// readableTable is the table of that name or ARN: it must be ACTIVE or at least
// readable.
func (x *exchange) readableTable(given text) (*table, error) {
	name, err := x.localName(given.v)
	if err != nil {
		return nil, err
	}
	t := x.region.tables[name]
	if t == nil || t.meta.status == statusCreating || t.meta.status == statusDeleting {
		return nil, errNoTable()
	}
	return t, nil
}

// itemKey checks the key attributes of an item to be stored and returns its
// place in the table.
func (t *table) itemKey(m attr.Map) (string, error) {
	values := make([]attr.Value, 0, store.MaxKeyAttrs)
	for a := range t.meta.keys.All() {
		v, ok := m.Get(a.Name)
		if !ok {
			return "", errMissingKey(a.Name)
		}
		if v.Kind() != a.Kind {
			return "", errKeyType(a.Name, a.Kind, v.Kind())
		}
		values = append(values, v)
	}
	return t.place(values)
}

// requestKey checks a Key member (exactly the key attributes, with the right
// types) and returns the place it names.
func (t *table) requestKey(m attr.Map) (string, error) {
	k := &t.meta.keys
	if len(m) != len(k.Hash)+len(k.Range) {
		return "", errKeySchema()
	}
	values := make([]attr.Value, 0, store.MaxKeyAttrs)
	for a := range k.All() {
		v, ok := m.Get(a.Name)
		if !ok || v.Kind() != a.Kind {
			return "", errKeySchema()
		}
		values = append(values, v)
	}
	return t.place(values)
}

// place checks the sizes of complete, well-typed key values, partition key
// first, and builds the row key.
func (t *table) place(values []attr.Value) (string, error) {
	i := 0
	for a := range t.meta.keys.All() {
		if err := checkEmptyKey(a, values[i]); err != nil {
			return "", err
		}
		i++
	}
	if err := checkKeySizes(values, len(t.meta.keys.Hash)); err != nil {
		return "", err
	}
	return t.meta.keys.RowKeyOf(values), nil
}

func checkEmptyKey(a store.KeyAttr, v attr.Value) error {
	if v.Kind() != attr.N && v.Str() == "" {
		return errEmptyKey(a.Name, v.Kind())
	}
	return nil
}

// checkKeySizes checks key values, the first so many of which are the partition
// key's.
func checkKeySizes(values []attr.Value, hashed int) error {
	for i, v := range values {
		switch {
		case v.Kind() == attr.N:
		case i < hashed && attr.KeySize(v) > maxHashKey:
			return invalidValue(textHashKeySize)
		case i >= hashed && attr.KeySize(v) > maxRangeKey:
			return invalidValue(textRangeKeySize)
		}
	}
	return nil
}

// keyBytes is what an item's key attributes take of its size.
func keyBytes(k store.Key, m attr.Map) int {
	n := 0
	for a := range k.All() {
		if v, ok := m.Get(a.Name); ok {
			n += len(a.Name) + v.Size()
		}
	}
	return n
}

// checkIndexKeys sees that every index key attribute in the item has the
// defined type and a storable value; indexes by name. An absent one is fine:
// the index is sparse. old is the item before an update and targets what the
// update names: index keys that it leaves as they were are not looked at
// again. Both are nil for a put.
func (t *table) checkIndexKeys(m, old attr.Map, targets []expr.Target) error {
	for _, i := range t.meta.byName {
		x := &t.meta.indexes[i]
		for a := range x.spec.Key.All() {
			v, ok := m.Get(a.Name)
			if !ok {
				continue
			}
			if was, had := old.Get(a.Name); had && attr.Equal(was, v) {
				continue
			}
			trouble := checkIndexKey(&x.spec, a, v)
			if trouble == fine {
				continue
			}
			if targets == nil {
				return errIndexKey(trouble, x.spec.Name, a, v.Kind())
			}
			return errIndexKeyUpdate(trouble, x.spec.Name, a, v.Kind(), computed(targets, a.Name))
		}
	}
	return nil
}

// checkPaths sees that no document path of the request goes into a key
// attribute, of the table or of an index: they are scalars.
func (t *table) checkPaths(r *resolved) error {
	for _, path := range r.paths() {
		if len(path) == 1 {
			continue
		}
		name := path[0].Name
		if t.meta.keys.Has(name) {
			return errKeyPath("Key", name)
		}
		for i := range t.meta.indexes {
			if t.meta.indexes[i].spec.Key.Has(name) {
				return errKeyPath("IndexKey", name)
			}
		}
	}
	return nil
}

// computed reports whether the update computes the attribute rather than
// setting it to a literal.
func computed(targets []expr.Target, name string) bool {
	for _, target := range targets {
		if target.Path[0].Name == name {
			return target.Computed
		}
	}
	return false
}

// keyTrouble is what is wrong with an index key value.
type keyTrouble uint8

const (
	fine keyTrouble = iota
	wrongType
	emptyValue
	hashTooLong
	rangeTooLong
)

func checkIndexKey(x *store.IndexSpec, a store.KeyAttr, v attr.Value) keyTrouble {
	if v.Kind() != a.Kind {
		return wrongType
	}
	if a.Kind == attr.N {
		return fine
	}
	if v.Str() == "" {
		return emptyValue
	}
	for _, r := range x.Key.Range {
		if r.Name == a.Name && attr.KeySize(v) > maxRangeKey {
			return rangeTooLong
		}
	}
	if attr.KeySize(v) > maxHashKey {
		return hashTooLong
	}
	return fine
}

// byName orders the positions of the indexes by name, the order in which AWS
// finds the first offending one.
func byName(indexes []indexMeta) []int {
	order := make([]int, len(indexes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(indexes[i].spec.Name, indexes[j].spec.Name) })
	return order
}
