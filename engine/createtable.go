package engine

import (
	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// createTableInput is the request of CreateTable as read.
type createTableInput struct {
	table      text
	defs       []definitionInput
	defsSet    bool
	keys       []keyInput
	keysSet    bool
	gsis, lsis []indexInput
	gsisSet    bool
	lsisSet    bool
	billing    text
	throughput throughputInput
	protected  flag
	class      text
	tags       []tagInput
	policy     text
	statements []statement // of the policy
	stream     streamInput
	foreign    string // a member that this version cannot honour
}

type streamInput struct {
	set     bool
	enabled flag
	view    text
}

type definitionInput struct{ name, kind text }

type keyInput struct{ name, kind text }

type throughputInput struct {
	set         bool
	read, write integer
}

func (p throughputInput) value() throughput { return throughput{p.read.v, p.write.v} }

type indexInput struct {
	name       text
	keys       []keyInput
	keysSet    bool
	projected  bool
	projection text
	include    []string
	throughput throughputInput
	local      bool
	foreign    string // a member that this version cannot honour
}

func (x *exchange) readCreateTable() (*createTableInput, error) {
	in := &createTableInput{}
	return in, x.fields(in.member)
}

func (in *createTableInput) member(w wire, name string) error {
	switch name {
	case "TableName":
		return w.text(&in.table)
	case "AttributeDefinitions":
		in.defsSet, in.defs = true, nil
		return w.array(func(w wire) error {
			var d definitionInput
			err := w.pair("AttributeDefinition", "AttributeName", &d.name, "AttributeType", &d.kind)
			in.defs = append(in.defs, d)
			return err
		})
	case "KeySchema":
		in.keysSet = true
		return w.keySchema(&in.keys)
	case "GlobalSecondaryIndexes":
		in.gsisSet = true
		return w.indexes(&in.gsis, false)
	case "LocalSecondaryIndexes":
		in.lsisSet = true
		return w.indexes(&in.lsis, true)
	}
	return in.setting(w, name)
}

func (in *createTableInput) setting(w wire, name string) error {
	switch name {
	case "BillingMode":
		return w.text(&in.billing)
	case "ProvisionedThroughput":
		return w.throughput(&in.throughput)
	case "DeletionProtectionEnabled":
		return w.flag(&in.protected)
	case "TableClass":
		return w.text(&in.class)
	case "Tags":
		return w.tags(&in.tags)
	case "ResourcePolicy":
		return w.text(&in.policy)
	case "StreamSpecification":
		return in.stream.read(w)
	case "SSESpecification", "OnDemandThroughput", "WarmThroughput",
		"GlobalTableSourceArn", "GlobalTableSettingsReplicationMode", "VectorIndexes":
		in.foreign = name
		return w.Skip()
	}
	return w.unknown()
}

func (in *streamInput) read(w wire) error {
	in.set = true
	return w.structure("StreamSpecification", func(w wire, name string) error {
		switch name {
		case "StreamEnabled":
			return w.flag(&in.enabled)
		case "StreamViewType":
			return w.text(&in.view)
		}
		return w.unknown()
	})
}

// pair reads a structure of two strings.
func (w wire) pair(structure, a string, av *text, b string, bv *text) error {
	return w.structure(structure, func(w wire, name string) error {
		switch name {
		case a:
			return w.text(av)
		case b:
			return w.text(bv)
		}
		return w.unknown()
	})
}

func (w wire) keySchema(keys *[]keyInput) error {
	*keys = nil
	return w.array(func(w wire) error {
		var k keyInput
		err := w.pair("KeySchemaElement", "AttributeName", &k.name, "KeyType", &k.kind)
		*keys = append(*keys, k)
		return err
	})
}

func (w wire) throughput(p *throughputInput) error {
	p.set = true
	return w.structure("ProvisionedThroughput", func(w wire, name string) error {
		switch name {
		case "ReadCapacityUnits":
			return w.long(&p.read)
		case "WriteCapacityUnits":
			return w.long(&p.write)
		}
		return w.unknown()
	})
}

func (w wire) indexes(list *[]indexInput, local bool) error {
	*list = nil
	return w.array(func(w wire) error {
		in := indexInput{local: local}
		structure := "GlobalSecondaryIndex"
		if local {
			structure = "LocalSecondaryIndex"
		}
		err := w.structure(structure, in.member)
		*list = append(*list, in)
		return err
	})
}

func (in *indexInput) member(w wire, name string) error {
	switch name {
	case "IndexName":
		return w.text(&in.name)
	case "KeySchema":
		in.keysSet = true
		return w.keySchema(&in.keys)
	case "ProvisionedThroughput":
		if in.local {
			break
		}
		return w.throughput(&in.throughput)
	case "Projection":
		in.projected = true
		return w.structure("Projection", func(w wire, name string) error {
			switch name {
			case "ProjectionType":
				return w.text(&in.projection)
			case "NonKeyAttributes":
				return w.texts(&in.include)
			}
			return w.unknown()
		})
	case "OnDemandThroughput", "WarmThroughput":
		if in.local {
			break
		}
		in.foreign = name
		return w.Skip()
	}
	return w.unknown()
}

// definitions are the attribute definitions of a validated request.
func (in *createTableInput) definitions() []definition {
	list := make([]definition, len(in.defs))
	for i, d := range in.defs {
		list[i] = definition{d.name.v, scalarKinds[d.kind.v]}
	}
	return list
}

var scalarKinds = map[string]attr.Kind{"S": attr.S, "N": attr.N, "B": attr.B}

// key resolves a key schema against the attribute definitions.
func (in *createTableInput) key(elements []keyInput) store.Key {
	var k store.Key
	for _, el := range elements {
		a := store.KeyAttr{Name: el.name.v}
		for _, d := range in.defs {
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

func (in *createTableInput) spec(x *indexInput) store.IndexSpec {
	spec := store.IndexSpec{Name: x.name.v, Local: x.local, Key: in.key(x.keys)}
	switch x.projection.v {
	case "KEYS_ONLY":
		spec.Project = store.ProjectKeysOnly
	case "INCLUDE":
		spec.Project, spec.Include = store.ProjectInclude, x.include
	}
	return spec
}
