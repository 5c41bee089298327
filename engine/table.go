package engine

import (
	"sort"
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/store"
)

var tableOperations = []operation{
	{"CreateTable", true, (*exchange).createTable},
	{"DescribeTable", false, (*exchange).describeTable},
	{"ListTables", false, (*exchange).listTables},
	{"UpdateTable", true, (*exchange).updateTable},
	{"DeleteTable", true, (*exchange).deleteTable},
}

// createTable adds a table in CREATING; the clock makes it ACTIVE.
func (x *exchange) createTable() error {
	in, err := x.readCreateTable()
	if err != nil {
		return err
	}
	if err := in.validate(); err != nil {
		return err
	}
	if err := in.checkAttached(); err != nil {
		return err
	}
	name, err := x.localName(in.table.v)
	if err != nil {
		return err
	}
	x.note(name, "")
	if x.region.tables[name] != nil {
		return errTableExists(name)
	}
	if err := x.s.mayCreate(x.region, len(in.gsis)+len(in.lsis) > 0); err != nil {
		return err
	}
	if err := x.region.mayProvision(nil, in.provisioned()); err != nil {
		return err
	}
	t := x.s.newTable(x.region, name, in)
	if in.policy.set {
		t.policy = x.s.newPolicy(in.policy.v, in.statements)
	}
	x.s.regions[x.region.name] = x.region
	x.region.tables[name] = t
	if in.stream.enabled.v {
		x.s.enableStream(x.region, t, in.stream.view.v)
	}
	x.s.after(x.s.opts.Transition, tableActive, x.region, t)
	x.description("TableDescription", t)
	return nil
}

// newTable builds the table of a validated request.
func (s *state) newTable(r *region, name string, in *createTableInput) *table {
	m := &tableMeta{
		name: name, arn: s.tableARN(r.name, name), id: s.uuid(idTable),
		status: statusCreating, created: s.now,
		definitions: in.defs.definitions(), keys: in.defs.key(in.keys), protected: in.protected.v,
	}
	m.terms = in.terms()
	m.key = s.keyARN(&in.sse, r.name)
	m.next = m.terms
	if m.onDemand {
		m.since = s.now
	}
	specs := make([]store.IndexSpec, 0, len(in.gsis)+len(in.lsis))
	for _, list := range [][]indexInput{in.gsis, in.lsis} {
		for i := range list {
			x := m.newIndex(&list[i], in.defs.spec(&list[i]))
			x.status = statusActive
			m.indexes = append(m.indexes, x)
			specs = append(specs, x.spec)
		}
	}
	m.tags = tagged(nil, in.tags)
	m.byName = byName(m.indexes)
	return &table{
		meta: m, data: store.New(m.keys, specs, store.Options{Degree: s.opts.Degree, Partitions: m.partitions()}),
		scaled: len(r.scaling.of(name)) > 0,
	}
}

// terms are those of the request, but for the key.
func (in *createTableInput) terms() terms {
	t := terms{onDemand: in.billing.v == "PAY_PER_REQUEST", throughput: in.throughput.value(), most: in.most.value(), class: in.class.v}
	if t.class == "STANDARD" {
		t.class = ""
	}
	t.warm = warmth(t.onDemand, t.throughput).over(in.warm.value())
	return t
}

// newIndex describes an index of a request, made under the terms that will
// hold when it is ready.
func (m *tableMeta) newIndex(in *indexInput, spec store.IndexSpec) indexMeta {
	x := indexMeta{spec: spec, arn: m.arn + "/index/" + spec.Name, status: statusCreating}
	if !spec.Local {
		x.throughput, x.most = in.throughput.value(), in.most.value()
		x.warm = warmth(m.next.onDemand, x.throughput).over(in.warm.value())
	}
	x.next = x.indexTerms
	return x
}

// partitions is how many a new table begins with: four on demand, else as many
// as its throughput needs (3,000 RCU and 1,000 WCU each).
func (m *tableMeta) partitions() int {
	if m.onDemand {
		return 4
	}
	return int(min(max(1, (m.throughput.read+3*m.throughput.write+2999)/3000), 10_000))
}

// description encodes a table under the member name of the reply.
func (x *exchange) description(member string, t *table) {
	e := x.enc()
	e.open()
	e.key(member)
	t.describe(&e, x.s.now, x.s.globalOf(t))
	e.close()
	x.out = e.b
}

// tableInput is the request of DescribeTable and DeleteTable.
func (x *exchange) readTableName() (string, error) {
	var name text
	err := x.fields(func(w wire, member string) error {
		if member == "TableName" {
			return w.text(&name)
		}
		return w.unknown()
	})
	if err != nil {
		return "", err
	}
	if err := validateControlName(name); err != nil {
		return "", err
	}
	return x.localName(name.v)
}

func (x *exchange) describeTable() error {
	t, err := x.namedTable()
	if err != nil {
		return err
	}
	x.description("Table", t)
	return nil
}

// namedTable is the table a control-plane request names.
func (x *exchange) namedTable() (*table, error) {
	name, err := x.readTableName()
	if err != nil {
		return nil, err
	}
	return x.tableOf(name)
}

// tableOf is the table of that name, for a control-plane request.
func (x *exchange) tableOf(name string) (*table, error) {
	x.note(name, "")
	t := x.region.tables[name]
	if t == nil {
		return nil, errNoTableNamed(name)
	}
	return t, x.permit(t, x.operation, "")
}

// controlTable is the table that a checked TableName means.
func (x *exchange) controlTable(given text) (*table, error) {
	name, err := x.localName(given.v)
	if err != nil {
		return nil, err
	}
	return x.tableOf(name)
}

// settled refuses to change a table that is being changed.
func (t *table) settled() error {
	switch t.meta.status {
	case statusCreating:
		return errInUse("created", t.meta.name)
	case statusUpdating:
		return errInUse("updated", t.meta.name)
	case statusDeleting:
		return errInUse("deleted", t.meta.name)
	}
	return nil
}

func (x *exchange) deleteTable() error {
	t, err := x.namedTable()
	if err != nil {
		return err
	}
	if t.meta.protected {
		return errProtected()
	}
	if err := t.settled(); err != nil {
		return err
	}
	if err := x.s.mayChange(x.region); err != nil {
		return err
	}
	if g := x.s.globalOf(t); g != nil {
		if err := x.s.mayLeave(g, x.region.name); err != nil {
			return err
		}
	}
	x.s.remove(x.region, t)
	x.out = x.encodeDeleted(t)
	return nil
}

// remove lets a table be DELETING, and then gone.
func (s *state) remove(r *region, t *table) {
	m := *t.meta
	m.status = statusDeleting
	t.meta = &m
	if t.stream != nil {
		s.disableStream(r, t)
	}
	if g := s.globalOf(t); g != nil {
		g.change(func(m *globalMeta) { m.member(r.name).status = statusDeleting })
	}
	s.after(s.opts.Transition, tableGone, r, t)
}

// encodeDeleted is the reply of DeleteTable: shorter than a description.
func (x *exchange) encodeDeleted(t *table) []byte {
	e, m := x.enc(), t.meta
	e.open()
	e.key("TableDescription")
	e.open()
	e.str("TableName", m.name)
	e.str("TableStatus", m.status)
	e.describeThroughput(m.throughput, &m.changes, x.s.now)
	t.describeIdentity(&e, true)
	e.bool("DeletionProtectionEnabled", m.protected)
	e.close()
	e.close()
	return e.b
}

func (x *exchange) listTables() error {
	var start text
	limit := integer{v: 100}
	err := x.fields(func(w wire, member string) error {
		switch member {
		case "ExclusiveStartTableName":
			return w.text(&start)
		case "Limit":
			return w.integer(&limit)
		}
		return w.unknown()
	})
	if err != nil {
		return err
	}
	var c constraints
	c.name("exclusiveStartTableName", start)
	c.length("exclusiveStartTableName", start, 3, 255)
	c.between("limit", limit, 1, 100)
	if err := c.err(); err != nil {
		return err
	}
	x.out = x.encodeTableNames(start.v, int(limit.v))
	return nil
}

func (x *exchange) encodeTableNames(start string, limit int) []byte {
	tables := x.region.tableList()
	from := 0
	if start != "" {
		from = sort.Search(len(tables), func(i int) bool { return tables[i].meta.name > start })
	}
	to := min(from+limit, len(tables))
	e := x.enc()
	e.open()
	e.key("TableNames")
	e.list()
	for _, t := range tables[from:to] {
		e.comma()
		e.b = attr.AppendString(e.b, t.meta.name)
	}
	e.unlist()
	if to < len(tables) && to > from {
		e.str("LastEvaluatedTableName", tables[to-1].meta.name)
	}
	e.close()
	return e.b
}

// localName turns a name or an ARN of this region and account into the name.
func (x *exchange) localName(given string) (string, error) {
	arn, ok := strings.CutPrefix(given, "arn:")
	if !ok {
		return given, nil
	}
	parts := strings.SplitN(arn, ":", 5) // aws dynamodb region account table/name
	if len(parts) != 5 || parts[1] != "dynamodb" {
		return "", errBadARN(given)
	}
	name, ok := strings.CutPrefix(parts[4], "table/")
	if !ok || !validName(name) {
		return "", errBadARN(given)
	}
	if parts[2] != x.region.name || parts[3] != x.s.opts.Account {
		return "", errNoTable()
	}
	return name, nil
}

// validateControlName checks the TableName of a control-plane request.
func validateControlName(name text) error {
	if !name.set {
		return errNameRequired()
	}
	if strings.HasPrefix(name.v, "arn:") {
		return nil
	}
	var c constraints
	c.name("tableName", name)
	c.length("tableName", name, 3, 255)
	return c.err()
}
