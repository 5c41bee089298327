package engine

// createTableInput is the request of CreateTable as read.
type createTableInput struct {
	table      text
	defs       definitionInputs
	defsSet    bool
	keys       []keyInput
	keysSet    bool
	gsis, lsis []indexInput
	gsisSet    bool
	lsisSet    bool
	billing    text
	throughput throughputInput
	most, warm throughputInput // OnDemandThroughput, WarmThroughput
	protected  flag
	class      text
	sse        sseInput
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
	most, warm throughputInput
	local      bool
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
		in.defsSet = true
		return in.defs.read(w)
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
	case "OnDemandThroughput":
		return w.most(&in.most)
	case "WarmThroughput":
		return w.warm(&in.warm)
	case "SSESpecification":
		return in.sse.read(w)
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
	case "GlobalTableSourceArn", "GlobalTableSettingsReplicationMode", "VectorIndexes":
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
	return w.longs("ProvisionedThroughput", "ReadCapacityUnits", "WriteCapacityUnits", p)
}

func (w wire) most(p *throughputInput) error {
	return w.longs("OnDemandThroughput", "MaxReadRequestUnits", "MaxWriteRequestUnits", p)
}

func (w wire) warm(p *throughputInput) error {
	return w.longs("WarmThroughput", "ReadUnitsPerSecond", "WriteUnitsPerSecond", p)
}

// longs reads a structure of a number for reads and one for writes.
func (w wire) longs(structure, read, write string, p *throughputInput) error {
	p.set = true
	return w.structure(structure, func(w wire, name string) error {
		switch name {
		case read:
			return w.long(&p.read)
		case write:
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
	case "OnDemandThroughput":
		if in.local {
			break
		}
		return w.most(&in.most)
	case "WarmThroughput":
		if in.local {
			break
		}
		return w.warm(&in.warm)
	}
	return w.unknown()
}
