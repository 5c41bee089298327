package engine

import (
	"sort"
	"strconv"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// definitionInputs are the AttributeDefinitions of a request.
type definitionInputs []definitionInput

type definitionInput struct{ name, kind text }

func (defs *definitionInputs) read(w wire) error {
	*defs = nil
	return w.array(func(w wire) error {
		var d definitionInput
		err := w.pair("AttributeDefinition", "AttributeName", &d.name, "AttributeType", &d.kind)
		*defs = append(*defs, d)
		return err
	})
}

func (defs definitionInputs) constraints(c *constraints) {
	for i, d := range defs {
		path := "attributeDefinitions." + strconv.Itoa(i+1) + ".member."
		c.required(path+"attributeName", d.name.set)
		c.length(path+"attributeName", d.name, 1, 255)
		c.required(path+"attributeType", d.kind.set)
		c.enum(path+"attributeType", d.kind, enumAttributeType)
	}
}

// checkTwice sees that no attribute is defined twice.
func (defs definitionInputs) checkTwice() error {
	seen := map[string]bool{}
	for _, d := range defs {
		if seen[d.name.v] {
			return errDuplicateDefinition(d.name.v)
		}
		seen[d.name.v] = true
	}
	return nil
}

// checkKeys sees that the attributes of a key schema are defined.
func (defs definitionInputs) checkKeys(keys []keyInput) error {
	var names []string
	missing := false
	for _, k := range keys {
		names = append(names, k.name.v)
		missing = missing || !defs.has(k.name.v)
	}
	if missing {
		return errKeysUndefined(names, defs.names())
	}
	return nil
}

func (defs definitionInputs) has(name string) bool {
	for _, d := range defs {
		if d.name.v == name {
			return true
		}
	}
	return false
}

// names lists the defined attributes by name.
func (defs definitionInputs) names() []string {
	var names []string
	for _, d := range defs {
		names = append(names, d.name.v)
	}
	sort.Strings(names)
	return names
}

// definitions are those of a validated request.
func (defs definitionInputs) definitions() []definition {
	list := make([]definition, len(defs))
	for i, d := range defs {
		list[i] = definition{d.name.v, scalarKinds[d.kind.v]}
	}
	return list
}

var scalarKinds = map[string]attr.Kind{"S": attr.S, "N": attr.N, "B": attr.B}

// key resolves a key schema against the definitions.
func (defs definitionInputs) key(elements []keyInput) store.Key {
	var k store.Key
	for _, el := range elements {
		a := store.KeyAttr{Name: el.name.v}
		for _, d := range defs {
			if d.name.v == a.Name {
				a.Kind = scalarKinds[d.kind.v]
			}
		}
		if el.kind.v == "HASH" {
			k.Hash = append(k.Hash, a)
		} else {
			k.Range = append(k.Range, a)
		}
	}
	return k
}

// spec is what the store is told of an index.
func (defs definitionInputs) spec(x *indexInput) store.IndexSpec {
	spec := store.IndexSpec{Name: x.name.v, Local: x.local, Key: defs.key(x.keys)}
	switch x.projection.v {
	case "KEYS_ONLY":
		spec.Project = store.ProjectKeysOnly
	case "INCLUDE":
		spec.Project, spec.Include = store.ProjectInclude, x.include
	}
	return spec
}
