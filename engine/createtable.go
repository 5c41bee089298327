package engine

import (
	"math"
	"sort"
	"strconv"
	"strings"

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
	tags       []tag
	foreign    string // a member that this version cannot honour
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
		return w.array(func(w wire) error {
			var d definitionInput
			err := w.pair("AttributeName", &d.name, "AttributeType", &d.kind)
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
		return w.array(func(w wire) error {
			var key, value text
			err := w.pair("Key", &key, "Value", &value)
			in.tags = append(in.tags, tag{key.v, value.v})
			return err
		})
	case "StreamSpecification":
		return in.stream(w)
	case "SSESpecification", "ResourcePolicy", "OnDemandThroughput", "WarmThroughput",
		"GlobalTableSourceArn", "GlobalTableSettingsReplicationMode", "VectorIndexes":
		in.foreign = name
	}
	return w.Skip()
}

// stream accepts a stream that is switched off; one that is switched on cannot
// be honoured yet.
func (in *createTableInput) stream(w wire) error {
	var enabled flag
	err := w.object(func(w wire, name string) error {
		if name == "StreamEnabled" {
			return w.flag(&enabled)
		}
		return w.Skip()
	})
	if enabled.v {
		in.foreign = "StreamSpecification"
	}
	return err
}

// pair reads an object of two strings.
func (w wire) pair(a string, av *text, b string, bv *text) error {
	return w.object(func(w wire, name string) error {
		switch name {
		case a:
			return w.text(av)
		case b:
			return w.text(bv)
		}
		return w.Skip()
	})
}

func (w wire) keySchema(keys *[]keyInput) error {
	return w.array(func(w wire) error {
		var k keyInput
		err := w.pair("AttributeName", &k.name, "KeyType", &k.kind)
		*keys = append(*keys, k)
		return err
	})
}

func (w wire) throughput(p *throughputInput) error {
	p.set = true
	return w.object(func(w wire, name string) error {
		switch name {
		case "ReadCapacityUnits":
			return w.integer(&p.read)
		case "WriteCapacityUnits":
			return w.integer(&p.write)
		}
		return w.Skip()
	})
}

func (w wire) indexes(list *[]indexInput, local bool) error {
	return w.array(func(w wire) error {
		in := indexInput{local: local}
		err := w.object(in.member)
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
		return w.throughput(&in.throughput)
	case "Projection":
		in.projected = true
		return w.object(func(w wire, name string) error {
			switch name {
			case "ProjectionType":
				return w.text(&in.projection)
			case "NonKeyAttributes":
				return w.texts(&in.include)
			}
			return w.Skip()
		})
	}
	return w.Skip()
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

// validate makes the checks of CreateTable in the service's order.
func (in *createTableInput) validate() error {
	if !in.table.set {
		return errNameRequired()
	}
	for _, check := range []func() error{
		in.constraints, in.checkForeign, in.checkBilling, in.checkDefinitions, in.checkKeys, in.checkUnused,
		in.checkLocal, in.checkGlobal, in.checkNames,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (in *createTableInput) constraints() error {
	var c constraints
	if !strings.HasPrefix(in.table.v, "arn:") {
		c.name("tableName", in.table)
		c.length("tableName", in.table, 3, 255)
	}
	c.required("attributeDefinitions", in.defsSet)
	for i, d := range in.defs {
		path := "attributeDefinitions." + strconv.Itoa(i+1) + ".member."
		c.required(path+"attributeName", d.name.set)
		c.length(path+"attributeName", d.name, 1, 255)
		c.required(path+"attributeType", d.kind.set)
		c.enum(path+"attributeType", d.kind, enumAttributeType)
	}
	c.required("keySchema", in.keysSet)
	c.keySchema("keySchema", in.keys, in.keysSet, 2)
	c.enum("billingMode", in.billing, enumBillingMode)
	c.throughput("provisionedThroughput", in.throughput)
	c.enum("tableClass", in.class, enumTableClass)
	for _, list := range [][]indexInput{in.gsis, in.lsis} {
		for i := range list {
			c.index(&list[i], i)
		}
	}
	return c.err()
}

func (c *constraints) index(x *indexInput, i int) {
	path, keys := "globalSecondaryIndexes.", 8
	if x.local {
		path, keys = "localSecondaryIndexes.", 2
	}
	path += strconv.Itoa(i+1) + ".member."
	c.required(path+"indexName", x.name.set)
	c.name(path+"indexName", x.name)
	c.length(path+"indexName", x.name, 3, 255)
	c.required(path+"keySchema", x.keysSet)
	c.keySchema(path+"keySchema", x.keys, x.keysSet, keys)
	c.required(path+"projection", x.projected)
	c.enum(path+"projection.projectionType", x.projection, enumProjectionType)
	c.include(path+"projection.nonKeyAttributes", x.include)
	c.throughput(path+"provisionedThroughput", x.throughput)
}

// include checks the attributes that an index projects besides its keys.
func (c *constraints) include(path string, names []string) {
	value := quoted("[" + strings.Join(names, ", ") + "]")
	if names != nil && len(names) == 0 {
		c.add(value, path, "Member must have length greater than or equal to 1")
	}
	if len(names) > 20 {
		c.add(value, path, "Member must have length less than or equal to 20")
	}
	for i, name := range names {
		c.length(path+"."+strconv.Itoa(i+1)+".member", text{true, name}, 1, 255)
	}
}

func (c *constraints) keySchema(path string, keys []keyInput, set bool, most int) {
	if set && len(keys) == 0 {
		c.add("'[]'", path, "Member must have length greater than or equal to 1")
	}
	if len(keys) > most {
		var list []string
		for _, k := range keys {
			list = append(list, "KeySchemaElement(attributeName="+k.name.v+", keyType="+k.kind.v+")")
		}
		c.add(quoted("["+strings.Join(list, ", ")+"]"), path, "Member must have length less than or equal to "+strconv.Itoa(most))
	}
	for i, k := range keys {
		p := path + "." + strconv.Itoa(i+1) + ".member."
		c.required(p+"attributeName", k.name.set)
		c.length(p+"attributeName", k.name, 1, 255)
		c.required(p+"keyType", k.kind.set)
		c.enum(p+"keyType", k.kind, enumKeyType)
	}
}

func (c *constraints) throughput(path string, p throughputInput) {
	if !p.set {
		return
	}
	c.required(path+".readCapacityUnits", p.read.set)
	c.required(path+".writeCapacityUnits", p.write.set)
	c.between(path+".readCapacityUnits", p.read, 1, math.MaxInt64)
	c.between(path+".writeCapacityUnits", p.write, 1, math.MaxInt64)
}

func (in *createTableInput) checkForeign() error {
	if in.foreign != "" {
		return errNotBuilt("CreateTable with " + in.foreign)
	}
	return nil
}

// maxCapacity is the bound on provisioned units.
const maxCapacity = 1_000_000_000_000

func (in *createTableInput) checkBilling() error {
	if in.billing.v == "PAY_PER_REQUEST" {
		if in.throughput.set {
			return invalidValue(textThroughputOnDemand)
		}
		return nil
	}
	if !in.throughput.set {
		return invalidValue(textThroughputMissing)
	}
	if in.throughput.read.v > maxCapacity {
		return errOutOfBounds("ReadCapacityUnits", in.throughput.read.v)
	}
	if in.throughput.write.v > maxCapacity {
		return errOutOfBounds("WriteCapacityUnits", in.throughput.write.v)
	}
	return nil
}

// checkDefinitions sees that the table's keys are defined, and no attribute
// twice.
func (in *createTableInput) checkDefinitions() error {
	seen := map[string]bool{}
	for _, d := range in.defs {
		if seen[d.name.v] {
			return errDuplicateDefinition(d.name.v)
		}
		seen[d.name.v] = true
	}
	if len(in.keys) > len(in.defs) {
		return invalid(textKeyUndefined)
	}
	return in.checkDefined(in.keys)
}

func (in *createTableInput) checkDefined(keys []keyInput) error {
	var missing, names []string
	for _, k := range keys {
		names = append(names, k.name.v)
		if !in.defined(k.name.v) {
			missing = append(missing, k.name.v)
		}
	}
	if missing == nil {
		return nil
	}
	return errKeysUndefined(names, in.definedNames())
}

func (in *createTableInput) defined(name string) bool {
	for _, d := range in.defs {
		if d.name.v == name {
			return true
		}
	}
	return false
}

func (in *createTableInput) definedNames() []string {
	var names []string
	for _, d := range in.defs {
		names = append(names, d.name.v)
	}
	sort.Strings(names)
	return names
}

func (in *createTableInput) checkKeys() error { return checkPair(in.keys) }

// checkPair holds the shape of a one- or two-element key schema.
func checkPair(keys []keyInput) error {
	switch {
	case len(keys) == 2 && keys[0].name.v == keys[1].name.v:
		return invalid(textSameKeyName)
	case keys[0].kind.v != "HASH":
		return invalid(textFirstNotHash)
	case len(keys) == 2 && keys[1].kind.v != "RANGE":
		return invalid(textSecondNotRange)
	}
	return nil
}

// checkUnused sees that every defined attribute is a key of the table or of
// an index.
func (in *createTableInput) checkUnused() error {
	if !in.gsisSet && !in.lsisSet {
		if len(in.defs) != len(in.keys) {
			return invalidValue(textDefinitionCount)
		}
		return nil
	}
	used := map[string]bool{}
	for _, k := range in.keys {
		used[k.name.v] = true
	}
	for _, list := range [][]indexInput{in.gsis, in.lsis} {
		for _, x := range list {
			for _, k := range x.keys {
				if !in.defined(k.name.v) {
					return in.checkDefined(x.keys)
				}
				used[k.name.v] = true
			}
		}
	}
	if len(used) < len(in.defs) {
		names := make([]string, 0, len(used))
		for name := range used {
			names = append(names, name)
		}
		sort.Strings(names)
		return errDefinitionsUnused(in.definedNames(), names)
	}
	return nil
}

func (in *createTableInput) checkLocal() error {
	if in.lsisSet && len(in.lsis) == 0 {
		return invalidValue(textNoLSIs)
	}
	if len(in.lsis) > 0 && len(in.keys) < 2 {
		return invalidValue(textLSIWithoutRange)
	}
	for i := range in.lsis {
		x := &in.lsis[i]
		switch {
		case len(x.keys) < 2:
			return errIndexWithoutRange(x.name.v)
		case x.keys[0].name.v != in.keys[0].name.v:
			return errIndexOtherHash(x.name.v, x.keys[0].name.v, in.keys[0].name.v)
		}
		if err := x.check(in.billing); err != nil {
			return err
		}
	}
	if len(in.lsis) > 5 {
		return invalidValue(textTooManyLSIs)
	}
	return nil
}

func (in *createTableInput) checkGlobal() error {
	if in.gsisSet && len(in.gsis) == 0 {
		return invalidValue(textNoGSIs)
	}
	for i := range in.gsis {
		if err := in.gsis[i].check(in.billing); err != nil {
			return err
		}
	}
	if len(in.gsis) > 20 {
		return invalidValue(textTooManyGSIs)
	}
	return nil
}

// check holds what both kinds of index must keep.
func (x *indexInput) check(billing text) error {
	if err := x.checkKeys(); err != nil {
		return err
	}
	switch {
	case !x.projection.set:
		return invalidValue(textNoProjectionType)
	case x.projection.v == "INCLUDE" && len(x.include) == 0:
		return invalidValue(textIncludeNothing)
	case x.projection.v != "INCLUDE" && len(x.include) > 0:
		return errNonKeyAttributes(x.projection.v)
	case !x.local && billing.v == "PAY_PER_REQUEST" && x.throughput.set:
		return errIndexThroughput(x.name.v)
	case !x.local && billing.v != "PAY_PER_REQUEST" && !x.throughput.set:
		return errIndexNoThroughput(x.name.v)
	}
	seen := map[string]bool{}
	for _, name := range x.include {
		if seen[name] {
			return errDuplicateNonKey(x.name.v, name)
		}
		seen[name] = true
	}
	return nil
}

// checkKeys allows a GSI up to four HASH and four RANGE attributes, in that
// order.
func (x *indexInput) checkKeys() error {
	hashes, ranges := 0, 0
	for _, k := range x.keys {
		if k.kind.v == "RANGE" {
			ranges++
		} else if hashes++; ranges > 0 && len(x.keys) > 2 {
			return invalid(textSecondNotRange)
		}
	}
	if len(x.keys) <= 2 && hashes < 2 || x.local {
		return checkPair(x.keys)
	}
	if hashes == 0 || hashes > 4 || ranges > 4 {
		return errTooManyIndexKeys(x.name.v)
	}
	return nil
}

func (in *createTableInput) checkNames() error {
	seen := map[string]bool{}
	for _, list := range [][]indexInput{in.gsis, in.lsis} {
		for _, x := range list {
			if seen[x.name.v] {
				return errDuplicateIndex(x.name.v)
			}
			seen[x.name.v] = true
		}
	}
	return nil
}
