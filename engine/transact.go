package engine

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
	"github.com/sortkey/sortkey/engine/meter"
)

var transactOperations = []operation{
	{"TransactWriteItems", true, (*exchange).transactWrite},
	{"TransactGetItems", false, (*exchange).transactGet},
}

// Limits of transactions: the actions, and the bytes that a request brings or
// asks for.
const (
	maxActions          = 100
	maxTransactionBytes = 4 << 20
)

// Reason says why an action cancelled its transaction; Code None for the
// others.
type Reason struct {
	Code    string
	Message string
	Item    *attr.Item
}

var (
	noReason       = Reason{Code: "None"}
	conflictReason = Reason{Code: "TransactionConflict", Message: textConflict}
)

func appendReasons(b []byte, list []Reason) []byte {
	e := enc{b: b}
	e.b = append(e.b, '[')
	for _, r := range list {
		e.open()
		e.str("Code", r.Code)
		if r.Message != "" {
			e.str("Message", r.Message)
		}
		if r.Item != nil {
			e.raw("Item", r.Item.JSON())
		}
		e.close()
	}
	e.unlist()
	return e.b
}

// cancelled is the exception of a transaction with reasons; nil without any.
func cancelled(reasons []Reason) error {
	codes := make([]string, len(reasons))
	any := false
	for i, r := range reasons {
		codes[i] = r.Code
		any = any || r.Code != noReason.Code
	}
	if !any {
		return nil
	}
	e := fail("TransactionCanceledException",
		"Transaction cancelled, please refer cancellation reasons for specific reasons ["+strings.Join(codes, ", ")+"]")
	e.Reasons = reasons
	return e
}

// action is one action of a transaction as read.
type action struct {
	kinds     []string // of the members given; exactly one is right
	table     text
	body      attributes // Item of a Put, Key of the others
	expr      expressions
	onFailure text

	resolved *resolved
	on       *table
	row      string
	write    *write
}

// actionExpressions are the expression members of each kind of action.
var actionExpressions = map[string][]string{
	"Put": {"ConditionExpression"}, "Delete": {"ConditionExpression"}, "ConditionCheck": {"ConditionExpression"},
	"Update": {"UpdateExpression", "ConditionExpression"}, "Get": {"ProjectionExpression"},
}

func (a *action) member(w wire, kind string, get bool) error {
	exprs, known := actionExpressions[kind]
	if !known || (kind == "Get") != get {
		return w.unknown()
	}
	a.kinds = append(a.kinds, kind)
	return w.structure(kind, func(w wire, name string) error {
		switch {
		case name == "TableName":
			return w.text(&a.table)
		case name == "Item" && kind == "Put", name == "Key" && kind != "Put":
			if kind == "Put" {
				return w.stored(&a.body)
			}
			return w.attributes(&a.body)
		case name == "ReturnValuesOnConditionCheckFailure" && kind != "Get":
			return w.text(&a.onFailure)
		}
		return a.expr.member(w, name, exprs...)
	})
}

// transactInput is the request of both operations.
type transactInput struct {
	actions  []*action
	set      bool
	consumed text
	metrics  text
	token    text
}

func (x *exchange) readTransaction(get bool) (*transactInput, error) {
	in := &transactInput{}
	return in, x.fields(func(w wire, name string) error {
		switch name {
		case "TransactItems":
			in.set, in.actions = true, nil
			return w.array(func(w wire) error {
				a := &action{}
				in.actions = append(in.actions, a)
				structure := "TransactWriteItem"
				if get {
					structure = "TransactGetItem"
				}
				return w.structure(structure, func(w wire, kind string) error { return a.member(w, kind, get) })
			})
		case "ReturnConsumedCapacity":
			return w.text(&in.consumed)
		case "ReturnItemCollectionMetrics", "ClientRequestToken":
			if get {
				return w.unknown()
			}
			if name == "ClientRequestToken" {
				return w.text(&in.token)
			}
			return w.text(&in.metrics)
		}
		return w.unknown()
	})
}

// validate makes the checks of the whole request that need no table.
func (in *transactInput) validate(allowed string) error {
	var c constraints
	c.required("transactItems", in.set)
	if in.set && len(in.actions) == 0 {
		c.add("'[]'", "transactItems", "Member must have length greater than or equal to 1")
	}
	if len(in.actions) > maxActions {
		c.add("'["+strconv.Itoa(len(in.actions))+" items]'", "transactItems", "Member must have length less than or equal to "+strconv.Itoa(maxActions))
	}
	c.enum("returnConsumedCapacity", in.consumed, enumReturnConsumedCapacity)
	c.enum("returnItemCollectionMetrics", in.metrics, enumItemCollectionMetrics)
	c.length("clientRequestToken", in.token, 1, 36)
	for i, a := range in.actions {
		a.constraints(&c, "transactItems."+strconv.Itoa(i+1)+".member.", allowed == "Get")
	}
	if err := c.err(); err != nil {
		return err
	}
	bytes := 0
	for _, a := range in.actions {
		if err := a.validate(allowed); err != nil {
			return err
		}
		bytes += a.body.m.Size() + a.expr.values.m.Size()
	}
	if bytes > maxTransactionBytes {
		return invalid(textTransactionSize)
	}
	return nil
}

func (a *action) constraints(c *constraints, path string, get bool) {
	if get && len(a.kinds) == 0 {
		c.required(path+"get", false)
	}
	if len(a.kinds) != 1 {
		return
	}
	path += strings.ToLower(a.kinds[0][:1]) + a.kinds[0][1:] + "."
	subject := "key"
	if a.kinds[0] == "Put" {
		subject = "item"
	}
	c.required(path+subject, a.body.set)
	c.dataName(path+"tableName", a.table)
	c.enum(path+"returnValuesOnConditionCheckFailure", a.onFailure, enumOnConditionFailure)
	switch a.kinds[0] {
	case "ConditionCheck":
		c.required(path+"conditionExpression", a.expr.condition.set)
	case "Update":
		c.required(path+"updateExpression", a.expr.update.set)
	}
}

// validate makes the checks of one action that fail the whole request.
func (a *action) validate(allowed string) error {
	if len(a.kinds) != 1 {
		return invalid("TransactItems can only contain one of " + allowed)
	}
	nulls := "ConditionExpression is null"
	if a.kinds[0] == "Update" {
		nulls = "UpdateExpression and ConditionExpression are null"
	}
	if err := a.expr.check(nulls); err != nil {
		return err
	}
	if a.body.bad != nil {
		return errValue(a.body.bad)
	}
	if a.kinds[0] == "Put" && a.body.m.Size() > maxItem {
		return invalid(textItemSize)
	}
	var err error
	a.resolved, err = a.expr.resolve()
	return err
}

// transactActions are the actions that policies know those of transactions by.
var transactActions = map[string]string{
	"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem", "Get": "GetItem", "ConditionCheck": "ConditionCheckItem",
}

// permitted refuses a transaction with actions that a policy denies.
func (in *transactInput) permitted(x *exchange) error {
	reasons := make([]Reason, len(in.actions))
	for i, a := range in.actions {
		reasons[i] = noReason
		if e, ok := x.permit(a.on, transactActions[a.kinds[0]], "").(*Error); ok {
			reasons[i] = Reason{Code: "AccessDenied", Message: e.Message}
		}
	}
	return cancelled(reasons)
}

// locate finds the tables of all actions, refuses empty key values, and sees
// that no item is named twice and no policy denies any of it. An action that
// does not fit its table otherwise is left for planning.
func (in *transactInput) locate(x *exchange) error {
	seen := map[string]bool{}
	for _, a := range in.actions {
		t, err := x.readableTable(a.table)
		if err != nil {
			return err
		}
		x.note(t.meta.name, "")
		if g := x.s.globalOf(t); g != nil && g.meta.strong {
			return invalid(textStrongTx)
		}
		a.on = t
		if err := a.emptyKey(); err != nil {
			return err
		}
		if a.row, err = a.key(); err != nil {
			continue
		}
		place := t.meta.id + a.row
		if seen[place] {
			return invalid("Transaction request cannot include multiple operations on one item")
		}
		seen[place] = true
	}
	return in.permitted(x)
}

// emptyKey refuses an empty value for a key of the table, or in a Put for one
// of an index.
func (a *action) emptyKey() error {
	for k := range a.on.meta.keys.All() {
		if v, ok := a.body.m.Get(k.Name); ok && v.Kind() == k.Kind {
			if err := checkEmptyKey(k, v); err != nil {
				return err
			}
		}
	}
	if a.kinds[0] != "Put" {
		return nil
	}
	return failsWhole(a.on.checkIndexKeys(a.body.m, nil, nil))
}

// failsWhole is the error if it fails a transaction as a whole, else nil.
func failsWhole(err error) error {
	if e, ok := err.(*Error); ok && e.whole {
		return e
	}
	return nil
}

func (a *action) key() (string, error) {
	if a.kinds[0] == "Put" {
		return a.on.itemKey(a.body.m)
	}
	return a.on.requestKey(a.body.m)
}

// plan plans one write action; the transaction is charged double on the
// table's arm.
func (a *action) plan() error {
	err := a.on.checkPaths(a.resolved)
	if err != nil {
		return err
	}
	switch a.kinds[0] {
	case "Put":
		a.write, err = a.on.planPut(a.body.m, a.body.item, a.resolved.condition)
	case "Delete":
		a.write, err = a.on.planDelete(a.body.m, a.resolved.condition)
	case "Update":
		a.write, err = a.on.planUpdate(a.body.m, a.resolved.update, a.resolved.condition, flatSize)
	default:
		a.write, err = a.on.planCheck(a.body.m, a)
	}
	if err != nil {
		return err
	}
	arm := &a.write.receipt.Arms[0]
	arm.Units = arm.Units / meter.Units(meter.Standard) * meter.Units(meter.Transactional)
	a.write.receipt.Rate = meter.Transactional
	return nil
}

// planCheck plans a ConditionCheck: nothing changes, the item is paid for.
func (t *table) planCheck(m attr.Map, a *action) (*write, error) {
	row, err := t.requestKey(m)
	if err != nil {
		return nil, err
	}
	item := t.data.Rows().Get(row)
	w := t.refuse(row, item, nil)
	w.refused = !a.resolved.condition.Match(item)
	return w, nil
}

// reasons plans every action. All conditions are evaluated, but of items that
// an open transaction has; the first invalid action ends it and leaves the rest
// without a reason.
func (in *transactInput) reasons(x *exchange) ([]Reason, error) {
	reasons := slices.Repeat([]Reason{noReason}, len(in.actions))
	for i, a := range in.actions {
		if x.conflicts(a.on, a.row) {
			reasons[i] = conflictReason
			continue
		}
		err := a.plan()
		if e, ok := err.(*Error); ok && !e.whole {
			reasons[i] = Reason{Code: "ValidationError", Message: e.Message}
			break
		}
		if err != nil {
			return nil, err
		}
		if a.write.refused {
			reasons[i] = Reason{Code: "ConditionalCheckFailed", Message: textConditionFailed}
			if a.onFailure.v == "ALL_OLD" {
				reasons[i].Item = a.write.change.Before
			}
		}
	}
	return reasons, nil
}

// cancelOverfull cancels a transaction that lets an item collection grow beyond
// its limit.
func (s *state) cancelOverfull(in *transactInput, reasons []Reason) error {
	writes := make([]*write, len(in.actions))
	for i, a := range in.actions {
		writes[i] = a.write
	}
	i := s.overfull(writes...)
	if i < 0 {
		return nil
	}
	reasons[i] = Reason{Code: "ItemCollectionSizeLimitExceeded", Message: textCollectionSize}
	return cancelled(reasons)
}

func (x *exchange) transactWrite() error {
	in, err := x.readTransaction(false)
	if err != nil {
		return err
	}
	if err := in.validate("Check, Put, Update or Delete"); err != nil {
		return err
	}
	if err := in.locate(x); err != nil {
		return err
	}
	sum := in.digest()
	if in.token.set {
		if err := x.inProgress(in.token.v, sum); err != nil {
			return err
		}
		done, err := x.s.repeated(in.token.v, sum)
		if err != nil {
			return err
		}
		if done != nil && x.call.Hold != "" {
			x.hold(in.token, sum, nil)
			return nil
		}
		if done != nil {
			if err := x.s.admitRepeat(in, done); err != nil {
				return err
			}
			x.out = in.encodeRepeat(x, done)
			return nil
		}
	}
	reasons, err := in.reasons(x)
	if err != nil {
		return err
	}
	if x.call.Hold == "" { // one that is held is paid for when it is committed
		x.s.admitWrites(in, reasons)
	}
	if err := cancelled(reasons); err != nil {
		return err
	}
	if err := x.s.cancelOverfull(in, reasons); err != nil {
		return err
	}
	if x.call.Hold != "" {
		x.hold(in.token, sum, in.actions)
		return nil
	}
	in.commit(x.s, sum)
	x.out = in.encodeWrite(x)
	return nil
}

// commit carries a planned transaction out, and lets its token stand for it.
func (in *transactInput) commit(s *state, sum [sha256.Size]byte) {
	for _, a := range in.actions {
		if a.kinds[0] != "ConditionCheck" {
			s.commit(a.write)
		}
	}
	if in.token.set {
		s.remember(in.token.v, sum, in.images())
	}
}

// digest is what tells one set of parameters from another under one token:
// everything that takes effect, whatever the order of its members.
func (in *transactInput) digest() [sha256.Size]byte {
	h := sha256.New()
	for _, a := range in.actions {
		fmt.Fprintf(h, "%s %q %s %q %q %q\n", a.kinds[0], a.on.meta.arn, attr.AppendMap(nil, a.body.m),
			a.expr.update.v, a.expr.condition.v, a.onFailure.v)
		fmt.Fprintf(h, "%v %s\n", a.expr.names, attr.AppendMap(nil, a.expr.values.m))
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// byTable groups the writes of a transaction by the table name as given, in
// order of first mention.
func (in *transactInput) byTable() (names []string, groups map[string][]*write) {
	groups = map[string][]*write{}
	for _, a := range in.actions {
		if groups[a.table.v] == nil {
			names = append(names, a.table.v)
		}
		groups[a.table.v] = append(groups[a.table.v], a.write)
	}
	return names, groups
}

func (in *transactInput) encodeWrite(x *exchange) []byte {
	names, groups := in.byTable()
	var e enc
	e.open()
	var receipts []*meter.Receipt
	for _, name := range names {
		receipts = append(receipts, summedArms(groups[name]))
	}
	e.transactConsumed(in.consumed, names, receipts)
	if in.metrics.v == "SIZE" {
		e.transactMetrics(in, names, groups)
	}
	e.close()
	x.noteReceipt(merged(receipts))
	return e.b
}

// summedArms adds receipts up whose arms may differ: a condition check has no
// index arms.
func summedArms(writes []*write) *meter.Receipt {
	sum := &meter.Receipt{Write: true, Rate: meter.Transactional}
	at := map[string]int{}
	for _, w := range writes {
		sum.Replicated += w.receipt.Replicated
		for _, a := range w.receipt.Arms {
			key := strconv.Itoa(int(a.Kind)) + a.Name
			i, ok := at[key]
			if !ok {
				at[key] = len(sum.Arms)
				sum.Add(a)
				continue
			}
			sum.Arms[i].Units += a.Units
			sum.Arms[i].Blocks += a.Blocks
			sum.Arms[i].Bytes += a.Bytes
		}
	}
	return sum
}

func (e *enc) transactMetrics(in *transactInput, names []string, groups map[string][]*write) {
	e.key("ItemCollectionMetrics")
	e.open()
	for _, name := range names {
		if !groups[name][0].table.meta.hasLocal() {
			continue
		}
		e.userKey(name)
		e.list()
		for _, a := range in.actions {
			if a.table.v == name && a.kinds[0] != "ConditionCheck" {
				e.metricsEntry(a.write)
			}
		}
		e.unlist()
	}
	e.close()
}

// transactConsumed writes the ConsumedCapacity list of a transaction, which
// tells read and write units apart at every level.
func (e *enc) transactConsumed(mode text, names []string, receipts []*meter.Receipt) {
	if mode.v != "TOTAL" && mode.v != "INDEXES" {
		return
	}
	e.key("ConsumedCapacity")
	e.list()
	for i, r := range receipts {
		e.open()
		e.str("TableName", names[i])
		e.bothUnits(r, r.Total())
		if mode.v == "INDEXES" {
			e.key("Table")
			e.open()
			e.bothUnits(r, r.Of(meter.TableArm))
			e.close()
			e.transactArms("GlobalSecondaryIndexes", r, meter.GSIArm)
			e.transactArms("LocalSecondaryIndexes", r, meter.LSIArm)
		}
		e.close()
	}
	e.unlist()
}

func (e *enc) bothUnits(r *meter.Receipt, u meter.Units) {
	e.units("CapacityUnits", u)
	if r.Write {
		e.units("WriteCapacityUnits", u)
	} else {
		e.units("ReadCapacityUnits", u)
	}
}

func (e *enc) transactArms(member string, r *meter.Receipt, kind meter.ArmKind) {
	if r.Of(kind) == 0 {
		return
	}
	e.key(member)
	e.open()
	for _, a := range r.Arms {
		if a.Kind == kind && a.Units > 0 {
			e.userKey(a.Name)
			e.open()
			e.bothUnits(r, a.Units)
			e.close()
		}
	}
	e.close()
}

func (x *exchange) transactGet() error {
	in, err := x.readTransaction(true)
	if err != nil {
		return err
	}
	if err := in.validate("Get"); err != nil {
		return err
	}
	if err := in.locate(x); err != nil {
		return err
	}
	reasons := in.getReasons(x)
	x.admitGets(in, reasons)
	if err := cancelled(reasons); err != nil {
		return err
	}
	if x.out, err = in.encodeGet(x); err != nil {
		return err
	}
	if ex := x.explaining(); ex != nil {
		ex.Keys = len(in.actions)
	}
	return nil
}

// getReasons looks for items that an open transaction has and for the first
// Get that is invalid; the rest has no reason.
func (in *transactInput) getReasons(x *exchange) []Reason {
	reasons := slices.Repeat([]Reason{noReason}, len(in.actions))
	for i, a := range in.actions {
		err := a.on.checkPaths(a.resolved)
		if err == nil {
			_, err = a.key()
		}
		if err != nil {
			reasons[i] = Reason{Code: "ValidationError", Message: err.(*Error).Message}
			break
		}
		if x.conflicts(a.on, a.row) {
			reasons[i] = conflictReason
		}
	}
	return reasons
}

func (in *transactInput) encodeGet(x *exchange) ([]byte, error) {
	var e enc
	e.open()
	e.key("Responses")
	e.list()
	var names []string
	receipts := map[string]*meter.Receipt{}
	bytes := 0
	for _, a := range in.actions {
		item := a.on.data.Rows().Get(a.row)
		if bytes += item.Size(); bytes > maxTransactionBytes {
			return nil, invalid(textTransactionSize)
		}
		r := receipts[a.table.v]
		if r == nil {
			names = append(names, a.table.v)
			r = meter.Read(a.on.meta.name, meter.TableArm, meter.ReadItem, 0, meter.Transactional)
			r.Arms[0].Units, r.Arms[0].Blocks = 0, 0
			receipts[a.table.v] = r
		}
		r.Arms[0].Bytes += item.Size()
		r.Arms[0].Blocks += meter.Blocks(item.Size(), meter.ReadBlock)
		r.Arms[0].Units += meter.ReadUnits(item.Size(), meter.Transactional)
		a.emit(&e, item, r)
	}
	e.unlist()
	list := make([]*meter.Receipt, len(names))
	for i, name := range names {
		list[i] = receipts[name]
	}
	e.transactConsumed(in.consumed, names, list)
	e.close()
	x.noteReceipt(merged(list))
	return e.b, nil
}

// emit writes one response: {} for a missing item and where nothing projects.
func (a *action) emit(e *enc, item *attr.Item, r *meter.Receipt) {
	e.open()
	if item != nil {
		r.Evaluated(item.Size(), false)
		if p := a.resolved.projection; p == nil {
			e.raw("Item", item.JSON())
		} else if m := p.Apply(item); len(m) > 0 {
			e.item("Item", m)
		}
	}
	e.close()
}
