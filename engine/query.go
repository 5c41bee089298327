package engine

import (
	"math"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/expr"
	"github.com/sortkey/sortkey/engine/store"
)

var queryOperations = []operation{
	{"Query", false, (*exchange).query},
	{"Scan", false, (*exchange).scan},
}

// readInput is the request of Query and Scan.
type readInput struct {
	table, index   text
	selects        text
	limit          integer
	consistent     flag
	forward        flag
	start          attributes
	consumed       text
	segment, total integer
	expr           expressions
	scan           bool
}

func (in *readInput) member(w wire, name string) error {
	switch name {
	case "TableName":
		return w.text(&in.table)
	case "IndexName":
		return w.text(&in.index)
	case "Select":
		return w.text(&in.selects)
	case "Limit":
		return w.integer(&in.limit)
	case "ConsistentRead":
		return w.flag(&in.consistent)
	case "ExclusiveStartKey":
		return w.attributes(&in.start)
	case "ReturnConsumedCapacity":
		return w.text(&in.consumed)
	}
	if in.scan {
		return in.scanMember(w, name)
	}
	return in.queryMember(w, name)
}

func (in *readInput) queryMember(w wire, name string) error {
	switch name {
	case "ScanIndexForward":
		return w.flag(&in.forward)
	}
	return in.expr.member(w, name, "KeyConditionExpression", "FilterExpression", "ProjectionExpression",
		"KeyConditions", "QueryFilter", "ConditionalOperator", "AttributesToGet")
}

func (in *readInput) scanMember(w wire, name string) error {
	switch name {
	case "Segment":
		return w.integer(&in.segment)
	case "TotalSegments":
		return w.integer(&in.total)
	}
	return in.expr.member(w, name, "FilterExpression", "ProjectionExpression", "ScanFilter", "ConditionalOperator", "AttributesToGet")
}

func (x *exchange) query() error { return x.read(false) }
func (x *exchange) scan() error  { return x.read(true) }

// read serves Query and Scan: both choose a tree and a span of it and return
// one page.
func (x *exchange) read(scan bool) error {
	in := &readInput{scan: scan}
	if err := x.fields(in.member); err != nil {
		return err
	}
	x.note(in.table.v, in.index.v)
	if err := in.validate(); err != nil {
		return err
	}
	r, err := in.expr.resolve()
	if err != nil {
		return err
	}
	t, err := x.indexedTable(in.table, in.index)
	if err != nil {
		return err
	}
	x.note(t.meta.name, in.index.v)
	if err := t.checkPaths(r); err != nil {
		return err
	}
	seen, err := x.seen(t, in.consistent.v, in.index.v, "")
	if err != nil {
		return err
	}
	p, err := in.plan(seen, r)
	if err != nil {
		return err
	}
	if ex := x.explaining(); ex != nil {
		p.explain(x, ex)
		return nil
	}
	p.own = t
	var pg *page
	x.out, pg = p.run(x)
	return x.admitPage(t, pg)
}

// validate makes the checks that need no table.
func (in *readInput) validate() error {
	if err := validateDataName(in.table); err != nil {
		return err
	}
	if !in.scan && in.limit.set && in.limit.v < 1 {
		return invalid(textQueryLimit)
	}
	var c constraints
	c.name("indexName", in.index)
	c.length("indexName", in.index, 3, 255)
	c.enum("select", in.selects, enumSelect)
	c.between("limit", in.limit, 1, math.MaxInt64)
	c.enum("returnConsumedCapacity", in.consumed, enumReturnConsumedCapacity)
	c.between("totalSegments", in.total, 1, 1_000_000)
	c.between("segment", in.segment, 0, 999_999)
	in.expr.legacy.constraints(&c, "")
	if err := c.err(); err != nil {
		return err
	}
	if err := in.expr.check(in.nulls()); err != nil {
		return err
	}
	return in.validateSelect()
}

func (in *readInput) nulls() string {
	if in.scan {
		return "FilterExpression is null"
	}
	return "FilterExpression and KeyConditionExpression are null"
}

// validateSelect checks the members that must agree with each other.
func (in *readInput) validateSelect() error {
	if in.start.bad != nil {
		return errValue(in.start.bad)
	}
	if err := in.expr.legacy.values(); err != nil {
		return err
	}
	names := in.expr.legacy != nil && in.expr.legacy.getSet
	projects := names || in.expr.projection.set
	switch {
	case in.scan && in.segment.set && !in.total.set:
		return invalid(textSegmentAlone)
	case in.scan && in.total.set && !in.segment.set:
		return invalid(textTotalSegmentsAlone)
	case in.scan && in.segment.set && in.segment.v >= in.total.v:
		return errSegmentRange(in.segment.v, in.total.v)
	case in.selects.v == "ALL_PROJECTED_ATTRIBUTES" && !in.index.set:
		return invalid(textProjectedOnTable).shaped(selectedShape)
	case in.selects.v == "SPECIFIC_ATTRIBUTES" && !projects:
		return invalid(textSpecificNothing).shaped(selectedShape)
	case projects && in.selects.set && in.selects.v != "SPECIFIC_ATTRIBUTES":
		return errSelectProjects(names, in.selects.v)
	case !in.scan && !in.expr.key.set && (in.expr.legacy == nil || !in.expr.legacy.keys.set):
		return invalid(textNoKeyCondition)
	}
	return nil
}

// readPlan is a planned page: which rows to walk and what to make of them.
type readPlan struct {
	in    *readInput
	table *table       // as the read sees it
	own   *table       // as it is
	index *store.Index // nil for the table itself
	tree  *store.Tree
	key   store.Key // of the tree: the index's or the table's
	span  store.Span
	hash  []attr.Value // the partition key values of a Query
	// condition is that of a Query, nil for a Scan.
	condition *expr.KeyCondition
	terms     Terms
	reverse   bool
	filter    *expr.Condition
	project   *expr.Projection
	fetch     bool // an LSI read that needs attributes from the table
	countSet  bool
}

func (in *readInput) plan(t *table, r *resolved) (*readPlan, error) {
	p := &readPlan{
		in: in, table: t, tree: t.data.Rows(), key: t.meta.keys,
		reverse: in.forward.set && !in.forward.v,
		filter:  r.filter, project: r.projection, countSet: in.selects.v == "COUNT",
	}
	if in.index.set {
		if err := p.chooseIndex(); err != nil {
			return nil, err
		}
	}
	if err := p.setSpan(r.key); err != nil {
		return nil, err
	}
	if err := p.checkFilter(); err != nil {
		return nil, err
	}
	if in.start.set {
		if err := p.startAfter(in.start.m); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *readPlan) chooseIndex() error {
	var err error
	if p.index, err = p.table.readableIndex(p.in.index.v); err != nil {
		return err
	}
	p.tree, p.key = p.index.Tree, p.index.Spec.Key
	if p.index.Spec.Local {
		p.fetch = p.needsTable()
		return nil
	}
	return p.checkGlobal()
}

// checkGlobal holds what a global secondary index cannot give.
func (p *readPlan) checkGlobal() error {
	if p.in.consistent.v {
		return invalid(textConsistentGSI)
	}
	if p.in.selects.v == "ALL_ATTRIBUTES" && p.index.Spec.Project != store.ProjectAll {
		return errSelectAllOnGSI(p.index.Spec.Name)
	}
	if p.project != nil {
		if missing := p.notProjected(p.project.Paths()); missing != nil {
			return errNotProjected(p.index.Spec.Name, missing)
		}
	}
	if p.filter != nil {
		if missing := p.notProjected(p.filter.Paths()); missing != nil {
			return errFilterNotProjected(p.index.Spec.Name, missing)
		}
	}
	return nil
}

// needsTable reports whether a local index lacks an attribute the request
// wants, which is then fetched from the table, item by item.
func (p *readPlan) needsTable() bool {
	if p.index.Spec.Project == store.ProjectAll {
		return false
	}
	if p.in.selects.v == "ALL_ATTRIBUTES" {
		return true
	}
	return p.project != nil && p.notProjected(p.project.Paths()) != nil ||
		p.filter != nil && p.notProjected(p.filter.Paths()) != nil
}

// notProjected lists the attributes of the paths that the index lacks.
func (p *readPlan) notProjected(paths []attr.Path) []string {
	var missing []string
	seen := map[string]bool{}
	for _, path := range paths {
		if name := path[0].Name; !p.index.Projects(name) && !seen[name] {
			seen[name] = true
			missing = append(missing, name)
		}
	}
	return missing
}

// checkFilter refuses a Query filter on the key attributes of what is queried.
func (p *readPlan) checkFilter() error {
	if p.in.scan || p.filter == nil {
		return nil
	}
	for _, path := range p.filter.Paths() {
		if p.key.Has(path[0].Name) {
			return errFilterOnKey(p.in.expr.filter.set, path[0].Name)
		}
	}
	return nil
}

// setSpan finds the rows to walk: of a Scan everything or a segment, of a
// Query what the key condition selects.
func (p *readPlan) setSpan(cond *expr.Condition) error {
	if p.in.scan {
		if p.in.segment.set {
			p.span.From, p.span.To = store.Segment(uint64(p.in.segment.v), uint64(p.in.total.v))
		}
		return nil
	}
	kc, err := cond.Key(names(p.key.Hash), names(p.key.Range))
	if err != nil {
		return errExpression("KeyConditionExpression", p.in.expr.key.v, err)
	}
	if err := p.checkKeyValues(kc); err != nil {
		return err
	}
	p.condition = kc
	p.span, p.hash, p.terms = keySpan(kc), kc.Hash, termsOf(kc)
	return nil
}

func termsOf(kc *expr.KeyCondition) Terms {
	n := len(kc.Range)
	switch {
	case n == 0:
		return NoTerm
	case kc.Range[n-1].Op == expr.RangeEQ:
		return EqualTerm
	}
	return RangeTerm
}

func names(attrs []store.KeyAttr) []string {
	list := make([]string, len(attrs))
	for i, a := range attrs {
		list[i] = a.Name
	}
	return list
}

// checkKeyValues sees that the values have the types of the key attributes and
// that none is empty or too long.
func (p *readPlan) checkKeyValues(kc *expr.KeyCondition) error {
	for i, a := range p.key.Hash {
		if err := checkKeyValue(a, kc.Hash[i], maxHashKey, textHashKeySize); err != nil {
			return err
		}
	}
	for i, term := range kc.Range {
		a := p.key.Range[i]
		if err := checkKeyValue(a, term.Low, maxRangeKey, textRangeKeySize); err != nil {
			return err
		}
		if term.Op != expr.RangeBetween {
			continue
		}
		if err := checkKeyValue(a, term.High, maxRangeKey, textRangeKeySize); err != nil {
			return err
		}
	}
	return nil
}

func checkKeyValue(a store.KeyAttr, v attr.Value, limit int, tooLong string) error {
	if v.Kind() != a.Kind {
		return invalidValue(textKeyConditionType)
	}
	if err := checkEmptyKey(a, v); err != nil {
		return err
	}
	if a.Kind != attr.N && attr.KeySize(v) > limit {
		return invalidValue(tooLong)
	}
	return nil
}

// keySpan is the interval of row keys that a key condition selects. Key bytes
// are order-preserving and no value's bytes begin another's, so every operator
// is an interval.
func keySpan(kc *expr.KeyCondition) store.Span {
	prefix := store.PartitionPrefix(kc.Hash...)
	span := store.Span{From: prefix, To: store.After(prefix)}
	for _, term := range kc.Range {
		low := string(attr.AppendKey([]byte(prefix), term.Low))
		switch term.Op {
		case expr.RangeEQ:
			span = store.Span{From: low, To: store.After(low)}
			prefix = low
		case expr.RangeLT:
			span.To = low
		case expr.RangeLE:
			span.To = store.After(low)
		case expr.RangeGT:
			span.From = store.After(low)
		case expr.RangeGE:
			span.From = low
		case expr.RangeBetween:
			span = store.Span{From: low, To: store.After(string(attr.AppendKey([]byte(prefix), term.High)))}
		case expr.RangeBeginsWith:
			open := low[:len(low)-keyTerminator]
			span = store.Span{From: open, To: store.After(open)}
		}
	}
	return span
}

// keyTerminator is the length of what ends a string or binary in a row key.
const keyTerminator = 2

// startAfter moves the span behind the ExclusiveStartKey.
func (p *readPlan) startAfter(m attr.Map) error {
	if !p.wellFormedStart(m) {
		if p.in.scan && p.index == nil {
			return invalid(textStartSchema)
		}
		return invalid(textStartInvalid)
	}
	if !p.in.scan && p.index == nil && len(p.key.Range) == 0 {
		return invalid(textStartWithoutSortKey)
	}
	key := p.startKey(m)
	if err := p.checkStart(key); err != nil {
		return err
	}
	if p.reverse {
		p.span.To = key
	} else {
		p.span.From = key + "\x00"
	}
	return nil
}

// wellFormedStart reports whether the key has exactly the attributes of a
// LastEvaluatedKey of this tree, with their types.
func (p *readPlan) wellFormedStart(m attr.Map) bool {
	want := map[string]attr.Kind{}
	for _, a := range append(p.key.Attrs(), p.table.meta.keys.Attrs()...) {
		want[a.Name] = a.Kind
	}
	if len(m) != len(want) {
		return false
	}
	for _, member := range m {
		if kind, ok := want[member.Name]; !ok || member.Value.Kind() != kind {
			return false
		}
	}
	return true
}

func (p *readPlan) startKey(m attr.Map) string {
	key := p.key.RowKey(m)
	if p.index != nil {
		key += p.table.meta.keys.RowKey(m)[store.HashBytes:]
	}
	return key
}

// checkStart sees that the key lies where this read could have stopped.
func (p *readPlan) checkStart(key string) error {
	if p.span.Contains(key) {
		if !p.in.scan && p.index == nil && p.span == (store.Span{From: key, To: store.After(key)}) {
			return invalid(textOneRowNotRestarted)
		}
		return nil
	}
	if p.in.scan {
		return errStartSegment(p.in.segment.v, p.in.total.v)
	}
	if store.HashOf(key) != store.HashOf(p.span.From) {
		return invalid(textStartOutside)
	}
	return invalid(textStartRange)
}
