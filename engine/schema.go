package engine

import (
	"fmt"
	"io"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

// table is one table of one region: its description and its data.
type table struct {
	meta *tableMeta // never changed in place: forks share it
	data *store.Table
	past journal
	view *view // made for lagging reads, nil at first
	// expiries are the rows that will expire, while TTL is ENABLED, else nil.
	expiries *expiries
	policy   *policy // nil for none
}

func (t *table) copy() *table {
	return &table{meta: t.meta, data: t.data.Copy(), past: t.past.copy(), expiries: t.expiries.copy(), policy: t.policy}
}

// Table states, as DescribeTable names them.
const (
	statusCreating = "CREATING"
	statusActive   = "ACTIVE"
	statusDeleting = "DELETING"
)

// tableMeta is what DescribeTable tells of a table besides its data.
type tableMeta struct {
	name, arn, id string
	status        string
	created       int64
	definitions   []definition
	keys          store.Key
	onDemand      bool
	throughput    throughput
	indexes       []indexMeta // GSIs, then LSIs, each as given
	byName        []int       // their positions in name order
	protected     bool
	class         string // "" where never set
	tags          []tag
	ttl           ttlMeta
}

// definition is one AttributeDefinition.
type definition struct {
	name string
	kind attr.Kind
}

// throughput is a provisioned throughput, zero on demand.
type throughput struct{ read, write int64 }

// indexMeta describes one secondary index.
type indexMeta struct {
	spec       store.IndexSpec
	arn        string
	throughput throughput
}

type tag struct{ key, value string }

// digest writes everything that tells one description from another.
func (m *tableMeta) digest(w io.Writer) { fmt.Fprintf(w, "table %+v\n", *m) }

// activate ends the CREATING of a table and its indexes.
func (t *table) activate() {
	m := *t.meta
	m.status = statusActive
	t.meta = &m
}

// describe writes the TableDescription of a table.
func (t *table) describe(e *enc) {
	m := t.meta
	e.open()
	e.describeDefinitions(m.definitions)
	e.str("TableName", m.name)
	e.describeKeys(m.keys)
	e.str("TableStatus", m.status)
	e.time("CreationDateTime", m.created)
	e.describeThroughput(m.throughput)
	t.describeIdentity(e, m.status == statusActive)
	t.describeIndexes(e, "LocalSecondaryIndexes", true)
	t.describeIndexes(e, "GlobalSecondaryIndexes", false)
	if m.class != "" {
		e.key("TableClassSummary")
		e.open()
		e.str("TableClass", m.class)
		e.close()
	}
	e.bool("DeletionProtectionEnabled", m.protected)
	e.describeWarm(m.onDemand, m.throughput, m.status)
	e.close()
}

// describeIdentity writes what every description of a table has: its sizes,
// its names and how it is billed, with since when where that is told.
func (t *table) describeIdentity(e *enc, since bool) {
	m := t.meta
	e.int("TableSizeBytes", t.data.Rows().Bytes())
	e.int("ItemCount", int64(t.data.Rows().Len()))
	e.str("TableArn", m.arn)
	e.str("TableId", m.id)
	if m.onDemand {
		e.key("BillingModeSummary")
		e.open()
		e.str("BillingMode", "PAY_PER_REQUEST")
		if since {
			e.time("LastUpdateToPayPerRequestDateTime", m.created)
		}
		e.close()
	}
}

// describeWarm writes what the table can do at once: on demand, what four
// fresh partitions carry.
func (e *enc) describeWarm(onDemand bool, p throughput, status string) {
	if onDemand {
		p = throughput{read: 12000, write: 4000}
	}
	e.key("WarmThroughput")
	e.open()
	e.int("ReadUnitsPerSecond", p.read)
	e.int("WriteUnitsPerSecond", p.write)
	e.str("Status", status)
	e.close()
}

func (e *enc) describeDefinitions(list []definition) {
	e.key("AttributeDefinitions")
	e.list()
	for _, d := range list {
		e.open()
		e.str("AttributeName", d.name)
		e.str("AttributeType", d.kind.String())
		e.close()
	}
	e.unlist()
}

func (e *enc) describeKeys(k store.Key) {
	e.key("KeySchema")
	e.list()
	for i, a := range k.Attrs() {
		e.open()
		e.str("AttributeName", a.Name)
		if i < len(k.Hash) {
			e.str("KeyType", "HASH")
		} else {
			e.str("KeyType", "RANGE")
		}
		e.close()
	}
	e.unlist()
}

func (e *enc) describeThroughput(p throughput) {
	e.key("ProvisionedThroughput")
	e.open()
	e.int("NumberOfDecreasesToday", 0)
	e.int("ReadCapacityUnits", p.read)
	e.int("WriteCapacityUnits", p.write)
	e.close()
}

func (t *table) describeIndexes(e *enc, member string, local bool) {
	e.indexes(t.meta, member, local, func(x *indexMeta) { t.describeIndex(e, x) })
}

// indexes writes the list of a table's indexes of one kind; a table without
// any has no such member.
func (e *enc) indexes(m *tableMeta, member string, local bool, each func(*indexMeta)) {
	opened := false
	for i := range m.indexes {
		x := &m.indexes[i]
		if x.spec.Local != local {
			continue
		}
		if !opened {
			e.key(member)
			e.list()
			opened = true
		}
		each(x)
	}
	if opened {
		e.unlist()
	}
}

func (t *table) describeIndex(e *enc, x *indexMeta) {
	tree := t.data.Index(x.spec.Name).Tree
	e.open()
	e.str("IndexName", x.spec.Name)
	e.describeKeys(x.spec.Key)
	e.describeProjection(&x.spec)
	if !x.spec.Local {
		e.str("IndexStatus", t.meta.status)
		e.describeThroughput(x.throughput)
		e.describeWarm(t.meta.onDemand, x.throughput, t.meta.status)
	}
	e.int("IndexSizeBytes", tree.Bytes())
	e.int("ItemCount", int64(tree.Len()))
	e.str("IndexArn", x.arn)
	e.close()
}

// projectionTypes are the wire names of store.Projection.
var projectionTypes = [...]string{store.ProjectAll: "ALL", store.ProjectKeysOnly: "KEYS_ONLY", store.ProjectInclude: "INCLUDE"}

func (e *enc) describeProjection(spec *store.IndexSpec) {
	e.key("Projection")
	e.open()
	e.str("ProjectionType", projectionTypes[spec.Project])
	if spec.Project == store.ProjectInclude {
		e.key("NonKeyAttributes")
		e.list()
		for _, name := range spec.Include {
			e.comma()
			e.b = attr.AppendString(e.b, name)
		}
		e.unlist()
	}
	e.close()
}
