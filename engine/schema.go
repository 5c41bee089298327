package engine

import (
	"fmt"
	"io"
	"slices"

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
	// stream is what records the table's changes, nil where nothing does.
	stream *stream
	// load is what the table is asked for, nil unless that is kept.
	load *load
	// scaled tells that there are scalable targets of the table, and due the end
	// of the minute for which their alarms were last put on the queue.
	scaled bool
	due    int64
	// replica is what a replica of a global table knows besides, nil of any other.
	replica *replica
}

func (t *table) copy() *table {
	return &table{
		meta: t.meta, data: t.data.Copy(), past: t.past.copy(), expiries: t.expiries.copy(), policy: t.policy,
		load: t.load.copy(), scaled: t.scaled, due: t.due, replica: t.replica.copy(),
	}
}

// Table states, as DescribeTable names them.
const (
	statusCreating = "CREATING"
	statusActive   = "ACTIVE"
	statusUpdating = "UPDATING"
	statusDeleting = "DELETING"
)

// tableMeta is what DescribeTable tells of a table besides its data.
type tableMeta struct {
	name, arn, id string
	status        string
	created       int64
	definitions   []definition
	keys          store.Key
	terms               // that hold
	next          terms // that hold when the table is ACTIVE again
	changes       changes
	since         int64       // when last switched to on demand, 0 for never
	switched      []int64     // when UpdateTable did that lately
	classed       []int64     // when the table class was changed lately
	rekeyed       []int64     // when the encryption was changed lately
	indexes       []indexMeta // GSIs, then LSIs, each as given
	byName        []int       // their positions in name order
	protected     bool
	tags          []tag
	ttl           ttlMeta
	streamLabel   string // of the latest stream, "" where there never was one
	streamView    string // its StreamViewType while it is enabled, else ""
}

// clone is a description to be changed.
func (m *tableMeta) clone() *tableMeta {
	c := *m
	c.indexes = slices.Clone(m.indexes)
	return &c
}

// index is the description of the index of that name, nil if there is none.
func (m *tableMeta) index(name string) *indexMeta {
	for i := range m.indexes {
		if m.indexes[i].spec.Name == name {
			return &m.indexes[i]
		}
	}
	return nil
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
	spec store.IndexSpec
	arn  string
	indexTerms
	next        indexTerms // that hold when the table is ACTIVE again
	changes     changes
	status      string // of a global one in an ACTIVE table; see indexStatus
	backfilling bool   // CREATING: the table's items are being taken in
	step        uint64 // the event that goes on with that
}

type tag struct{ key, value string }

// digest writes everything that tells one description from another.
func (m *tableMeta) digest(w io.Writer) { fmt.Fprintf(w, "table %+v\n", *m) }

// describe writes the TableDescription of a table as of now; g is the global
// table that it is a replica of, nil for none.
func (t *table) describe(e *enc, now int64, g *global) {
	m := t.meta
	e.open()
	e.describeDefinitions(m.definitions)
	e.str("TableName", m.name)
	e.describeKeys(m.keys)
	e.str("TableStatus", m.status)
	e.time("CreationDateTime", m.created)
	e.describeThroughput(m.throughput, &m.changes, now)
	t.describeIdentity(e, m.status != statusCreating)
	t.describeIndexes(e, "LocalSecondaryIndexes", true, now)
	t.describeIndexes(e, "GlobalSecondaryIndexes", false, now)
	e.describeKey(m)
	e.describeClass(m)
	t.describeStream(e)
	e.bool("DeletionProtectionEnabled", m.protected)
	e.describeMost(m.most)
	e.describeWarm(m.warm, m.status)
	e.describeReplicas(t, g)
	e.close()
}

// describeClass writes the TableClassSummary; a table that has always been of
// the standard class has none.
func (e *enc) describeClass(m *tableMeta) {
	if m.class == "" {
		return
	}
	e.key("TableClassSummary")
	e.open()
	e.str("TableClass", m.class)
	if n := len(m.classed); n > 0 && m.next.class == m.class {
		e.time("LastUpdateDateTime", m.classed[n-1])
	}
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
	if m.since == 0 {
		return
	}
	mode := "PROVISIONED"
	if m.onDemand {
		mode = "PAY_PER_REQUEST"
	}
	e.key("BillingModeSummary")
	e.open()
	e.str("BillingMode", mode)
	if since {
		e.time("LastUpdateToPayPerRequestDateTime", m.since)
	}
	e.close()
}

// describeStream writes what a table tells of its latest stream; one that has
// been disabled still has its name there.
func (t *table) describeStream(e *enc) {
	m := t.meta
	if m.streamView != "" {
		e.key("StreamSpecification")
		e.open()
		e.bool("StreamEnabled", true)
		e.str("StreamViewType", m.streamView)
		e.close()
	}
	if m.streamLabel != "" {
		e.str("LatestStreamLabel", m.streamLabel)
		e.str("LatestStreamArn", m.streamARN())
	}
}

// describeMost writes the OnDemandThroughput of a table or index that has a
// bound; -1 stands for none.
func (e *enc) describeMost(p throughput) {
	if p == (throughput{}) {
		return
	}
	bound := func(n int64) int64 {
		if n == 0 {
			return -1
		}
		return n
	}
	e.key("OnDemandThroughput")
	e.open()
	e.int("MaxReadRequestUnits", bound(p.read))
	e.int("MaxWriteRequestUnits", bound(p.write))
	e.close()
}

// describeWarm writes what a table or index can do at once.
func (e *enc) describeWarm(p throughput, status string) {
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

func (e *enc) describeThroughput(p throughput, c *changes, now int64) {
	e.key("ProvisionedThroughput")
	e.open()
	if c.increased != 0 {
		e.time("LastIncreaseDateTime", c.increased)
	}
	if c.decreased != 0 {
		e.time("LastDecreaseDateTime", c.decreased)
	}
	e.int("NumberOfDecreasesToday", int64(len(c.today(now))))
	e.int("ReadCapacityUnits", p.read)
	e.int("WriteCapacityUnits", p.write)
	e.close()
}

func (t *table) describeIndexes(e *enc, member string, local bool, now int64) {
	e.indexes(t.meta, member, local, func(x *indexMeta) { t.describeIndex(e, x, now) })
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

// indexStatus is the IndexStatus of a global index: with its table it comes and
// goes.
func (m *tableMeta) indexStatus(x *indexMeta) string {
	if m.status == statusCreating || m.status == statusDeleting {
		return m.status
	}
	return x.status
}

func (t *table) describeIndex(e *enc, x *indexMeta, now int64) {
	tree := t.data.Index(x.spec.Name).Tree
	e.open()
	e.str("IndexName", x.spec.Name)
	e.describeKeys(x.spec.Key)
	e.describeProjection(&x.spec)
	if !x.spec.Local {
		status := t.meta.indexStatus(x)
		e.str("IndexStatus", status)
		if status == statusCreating && t.meta.status != statusCreating {
			e.bool("Backfilling", x.backfilling)
		}
		e.describeThroughput(x.throughput, &x.changes, now)
		e.describeMost(x.most)
		e.describeWarm(x.warm, status)
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
