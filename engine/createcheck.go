package engine

import (
	"math"
	"sort"
	"strconv"
	"strings"
)

// This file holds what CreateTable checks of a request before it looks at the
// tables there are.

// validate makes the checks of CreateTable in the service's order.
func (in *createTableInput) validate() error {
	if !in.table.set {
		return errNameRequired()
	}
	for _, check := range []func() error{
		in.constraints, in.checkForeign, in.stream.check, in.checkBilling, in.checkTerms, in.checkDefinitions, in.checkKeys, in.checkUnused,
		in.checkLocal, in.checkGlobal, in.checkNames, in.checkIncluded,
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
	in.defs.constraints(&c)
	c.required("keySchema", in.keysSet)
	c.keySchema("keySchema", in.keys, in.keysSet, 2)
	c.enum("billingMode", in.billing, enumBillingMode)
	c.throughput("provisionedThroughput", in.throughput)
	c.enum("tableClass", in.class, enumTableClass)
	c.enum("sSESpecification.sSEType", in.sse.kind, enumSSEType)
	if in.stream.set {
		c.required("streamSpecification.streamEnabled", in.stream.enabled.set)
		c.enum("streamSpecification.streamViewType", in.stream.view, enumStreamViewType)
	}
	c.tags(in.tags)
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
	c.indexAt(path+strconv.Itoa(i+1)+".member.", x, keys)
}

// indexAt checks the index at a path, which may have so many key attributes.
func (c *constraints) indexAt(path string, x *indexInput, keys int) {
	c.indexName(path, x.name)
	c.required(path+"keySchema", x.keysSet)
	c.keySchema(path+"keySchema", x.keys, x.keysSet, keys)
	c.required(path+"projection", x.projected)
	c.enum(path+"projection.projectionType", x.projection, enumProjectionType)
	c.include(path+"projection.nonKeyAttributes", x.include)
	c.throughput(path+"provisionedThroughput", x.throughput)
}

func (c *constraints) indexName(path string, name text) {
	c.required(path+"indexName", name.set)
	c.name(path+"indexName", name)
	c.length(path+"indexName", name, 3, 255)
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

// checkAttached checks what comes with a table: its tags and its policy.
// Snapshots have tables with tags from before there were checks.
func (in *createTableInput) checkAttached() (err error) {
	if err := checkTags(in.tags); err != nil {
		return err
	}
	if in.policy.set {
		in.statements, err = readPolicyDocument(in.policy.v)
	}
	return err
}

// check sees that a stream has a view, and only a stream.
func (in *streamInput) check() error {
	switch {
	case in.set && !in.enabled.v && in.view.set:
		return invalidValue(textStreamDisabledView)
	case in.enabled.v && !in.view.set:
		return invalidValue(textStreamNoView)
	}
	return nil
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
	return in.throughput.checkBounds("")
}

// checkBounds holds the bound on provisioned units, of the table or of the
// index of that name.
func (p throughputInput) checkBounds(index string) error {
	if p.read.v > maxCapacity {
		return errOutOfBounds("ReadCapacityUnits", p.read.v, index)
	}
	if p.write.v > maxCapacity {
		return errOutOfBounds("WriteCapacityUnits", p.write.v, index)
	}
	return nil
}

// checkTerms checks what comes beside the billing mode.
func (in *createTableInput) checkTerms() error {
	onDemand := in.billing.v == "PAY_PER_REQUEST"
	if !onDemand {
		if member := in.most.member(); member != "" {
			return errMostProvisioned(member, false)
		}
	}
	if err := in.most.checkMost("table", 1); err != nil {
		return err
	}
	if err := in.warm.checkWarm("table", warmth(onDemand, in.throughput.value())); err != nil {
		return err
	}
	return in.sse.check()
}

// checkDefinitions sees that the table's keys are defined, and no attribute
// twice.
func (in *createTableInput) checkDefinitions() error {
	if err := in.defs.checkTwice(); err != nil {
		return err
	}
	if len(in.keys) > len(in.defs) {
		return invalid(textKeyUndefined)
	}
	return in.defs.checkKeys(in.keys)
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
				if !in.defs.has(k.name.v) {
					return in.defs.checkKeys(x.keys)
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
		return errDefinitionsUnused(in.defs.names(), names)
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
		x := &in.gsis[i]
		if err := x.check(in.billing); err != nil {
			return err
		}
		if err := x.checkTerms(in.billing.v == "PAY_PER_REQUEST"); err != nil {
			return err
		}
	}
	if len(in.gsis) > maxGlobal {
		return invalidValue(textTooManyGSIs)
	}
	return nil
}

// maxGlobal is how many global secondary indexes a table may have.
const maxGlobal = 20

// checkTerms checks the throughputs of a global index.
func (x *indexInput) checkTerms(onDemand bool) error {
	if err := x.throughput.checkBounds(x.name.v); err != nil {
		return err
	}
	if !onDemand {
		if member := x.most.member(); member != "" {
			return errMostProvisioned(member, false)
		}
	}
	if err := x.most.checkMost("index "+x.name.v, 1); err != nil {
		return err
	}
	return x.warm.checkWarm("index "+x.name.v, warmth(onDemand, x.throughput.value()))
}

// member names the first bound that an OnDemandThroughput sets, "" for none.
func (p throughputInput) member() string {
	switch {
	case p.read.set:
		return "MaxReadRequestUnits"
	case p.write.set:
		return "MaxWriteRequestUnits"
	}
	return ""
}

// checkMost holds the range of an OnDemandThroughput; where low is -1, that
// takes a bound away.
func (p throughputInput) checkMost(of string, low int64) error {
	bad := func(n integer) bool { return n.set && (n.v < low || n.v == 0 || n.v > maxCapacity) }
	switch {
	case bad(p.read):
		return errMostRange("MaxReadRequestUnits", of)
	case bad(p.write):
		return errMostRange("MaxWriteRequestUnits", of)
	}
	return nil
}

// checkWarm sees that a WarmThroughput is no less than what there is.
func (p throughputInput) checkWarm(of string, is throughput) error {
	switch {
	case p.read.set && p.read.v < is.read:
		return errWarmLower("ReadUnitsPerSecond", of)
	case p.write.set && p.write.v < is.write:
		return errWarmLower("WriteUnitsPerSecond", of)
	case p.read.v > maxCapacity:
		return errOutOfBounds("ReadUnitsPerSecond", p.read.v, "")
	case p.write.v > maxCapacity:
		return errOutOfBounds("WriteUnitsPerSecond", p.write.v, "")
	}
	return nil
}

// maxIncluded is how many attributes all indexes may name to be projected; one
// in two indexes counts twice.
const maxIncluded = 100

func (in *createTableInput) checkIncluded() error {
	n := 0
	for _, list := range [][]indexInput{in.gsis, in.lsis} {
		for i := range list {
			n += len(list[i].include)
		}
	}
	if n > maxIncluded {
		return invalidValue(textIncludeTotal)
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
