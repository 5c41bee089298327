package engine

import (
	"encoding/base64"
	"slices"
	"strings"
)

// Application Auto Scaling, as far as it scales tables and their global
// secondary indexes: targets in this file, policies in scalingpolicy.go, what
// they do in scalingrun.go; scheduled actions in scheduled.go, tags in
// scalingtag.go.

var scalingOperations = []operation{
	{"RegisterScalableTarget", true, (*exchange).registerTarget},
	{"DeregisterScalableTarget", true, (*exchange).deregisterTarget},
	{"DescribeScalableTargets", false, (*exchange).describeTargets},
	{"PutScalingPolicy", true, (*exchange).putScalingPolicy},
	{"DeleteScalingPolicy", true, (*exchange).deleteScalingPolicy},
	{"DescribeScalingPolicies", false, (*exchange).describeScalingPolicies},
	{"DescribeScalingActivities", false, (*exchange).describeActivities},
	{"PutScheduledAction", true, (*exchange).putScheduledAction},
	{"DeleteScheduledAction", true, (*exchange).deleteScheduledAction},
	{"DescribeScheduledActions", false, (*exchange).describeScheduledActions},
	{"TagResource", true, (*exchange).tagTarget},
	{"UntagResource", true, (*exchange).untagTarget},
	{"ListTagsForResource", false, (*exchange).listTargetTags},
}

const (
	maxTargets = 5000 // of a region
	// The most that a page has, and what it has where the request does not say.
	targetPage   = 50
	policyPage   = 10
	activityPage = 50
)

// scalingInput is what requests name: a target, or of what to describe targets.
type scalingInput struct {
	namespace, resource, dimension text
}

func (in *scalingInput) member(w wire, name string) error {
	switch name {
	case "ServiceNamespace":
		return w.text(&in.namespace)
	case "ResourceId":
		return w.text(&in.resource)
	case "ScalableDimension":
		return w.text(&in.dimension)
	}
	return w.unknown()
}

// constraints checks the three members; all are required of a target.
func (in *scalingInput) constraints(c *constraints, target bool) {
	c.required("serviceNamespace", in.namespace.set)
	c.enum("serviceNamespace", in.namespace, enumScalingNamespace)
	if target {
		c.required("resourceId", in.resource.set)
		c.required("scalableDimension", in.dimension.set)
	}
	c.length("resourceId", in.resource, 1, 1600)
	c.enum("scalableDimension", in.dimension, enumScalingDimension)
}

// key is what the request names, if it can be scaled here.
func (in *scalingInput) key() (scalingKey, error) {
	k := scalingKey{}
	parts := strings.Split(in.resource.v, "/")
	switch {
	case len(parts) == 2 && parts[0] == "table":
		k.table = parts[1]
	case len(parts) == 4 && parts[0] == "table" && parts[2] == "index":
		k.table, k.index = parts[1], parts[3]
	}
	if strings.HasSuffix(in.dimension.v, ":WriteCapacityUnits") {
		k.dir = writing
	}
	if in.namespace.v != "dynamodb" || k.table == "" || in.dimension.v != k.dimension() {
		return k, invalid(textScalingUnsupported)
	}
	return k, nil
}

// registration is the request of RegisterScalableTarget.
type registration struct {
	scalingInput
	min, max       integer
	in, out, timed flag
	roleARN        text
	tags           []tagInput
}

func (in *registration) member(w wire, name string) error {
	switch name {
	case "MinCapacity":
		return w.integer(&in.min)
	case "MaxCapacity":
		return w.integer(&in.max)
	case "RoleARN":
		return w.text(&in.roleARN)
	case "SuspendedState":
		return w.structure("SuspendedState", in.suspended)
	case "Tags":
		return w.tagMap(&in.tags)
	}
	return in.scalingInput.member(w, name)
}

func (in *registration) suspended(w wire, name string) error {
	switch name {
	case "DynamicScalingInSuspended":
		return w.flag(&in.in)
	case "DynamicScalingOutSuspended":
		return w.flag(&in.out)
	case "ScheduledScalingSuspended":
		return w.flag(&in.timed)
	}
	return w.unknown()
}

// registerTarget makes a scalable target, or changes what is given of one. A
// capacity out of its bounds is brought in at once.
func (x *exchange) registerTarget() error {
	in := &registration{}
	if err := x.fields(in.member); err != nil {
		return err
	}
	k, err := in.validate()
	if err != nil {
		return err
	}
	t, err := x.scalableTable(k)
	if err != nil {
		return err
	}
	target, err := in.plan(x, k)
	if err != nil {
		return err
	}
	x.s.register(x.region, t, target)
	e := x.enc()
	e.open()
	e.str("ScalableTargetARN", target.arn)
	e.close()
	x.out = e.b
	return nil
}

// register puts a target, a new one or another in place of an old one.
func (s *state) register(r *region, t *table, target *scalable) {
	if target.arn == "" {
		target.arn, target.created = s.targetARN(r), s.now
	}
	target.owed = target.outOfBounds(t)
	r.scaling.set(target)
	s.relink(r, target.table)
	s.shareScaling(r, target.scalingKey)
	if target.owed {
		s.rescale(r, t)
	}
}

func (s *state) targetARN(r *region) string {
	return "arn:aws:application-autoscaling:" + r.name + ":" + s.opts.Account + ":scalable-target/" + s.scalingID()
}

func (in *registration) validate() (scalingKey, error) {
	var c constraints
	in.scalingInput.constraints(&c, true)
	c.length("roleARN", in.roleARN, 1, 1600)
	c.tagMap(in.tags)
	if err := c.err(); err != nil {
		return scalingKey{}, err
	}
	if err := checkTagMap(in.tags); err != nil {
		return scalingKey{}, err
	}
	return in.key()
}

// plan is the target as the request leaves it.
func (in *registration) plan(x *exchange, k scalingKey) (*scalable, error) {
	target := &scalable{scalingKey: k}
	if old := x.region.scaling.target(k); old != nil {
		if *target = *old; len(in.tags) > 0 {
			return nil, invalid(textScalingTagged)
		}
	} else if !in.min.set || !in.max.set {
		return nil, invalid(textScalingBounds)
	} else if len(x.region.scaling.targets) >= maxTargets {
		return nil, errTooManyTargets()
	}
	if x.region.scaling.pending(k) {
		return nil, errPending()
	}
	for _, n := range []struct {
		given integer
		kept  *int64
	}{{in.min, &target.min}, {in.max, &target.max}} {
		if n.given.set {
			*n.kept = n.given.v
		}
	}
	for _, f := range []struct {
		given flag
		kept  *bool
	}{{in.in, &target.inSuspended}, {in.out, &target.outSuspended}, {in.timed, &target.timed}} {
		if f.given.set {
			*f.kept = f.given.v
		}
	}
	if len(in.tags) > 0 {
		target.tags = tagged(nil, in.tags)
	}
	switch {
	case len(target.tags) > maxTags:
		return nil, errTooManyScalingTags("")
	case target.min > target.max:
		return nil, invalid(textScalingOrder)
	case target.min < 1:
		return nil, invalid(textScalingLowest)
	}
	return target, nil
}

// scalableTable is the table of what is to be scaled: it has to be there, and so
// has the index.
func (x *exchange) scalableTable(k scalingKey) (*table, error) {
	x.note(k.table, k.index)
	t := x.region.tables[k.table]
	if t == nil {
		return nil, errNoScalable(k.resource(), false)
	}
	if k.index == "" {
		return t, nil
	}
	if _, err := t.meta.global(k.index); err != nil {
		return nil, errNoScalable(k.resource(), true)
	}
	return t, nil
}

// deregisterTarget forgets a target, its policy and its scheduled actions; its
// activities stay.
func (x *exchange) deregisterTarget() error {
	in := &scalingInput{}
	if err := x.fields(in.member); err != nil {
		return err
	}
	var c constraints
	in.constraints(&c, true)
	if err := c.err(); err != nil {
		return err
	}
	k, err := in.key()
	if err != nil {
		return err
	}
	switch {
	case x.region.scaling.target(k) == nil:
		return errNoTarget(k)
	case x.region.scaling.pending(k):
		return errPending()
	}
	x.s.deregister(x.region, k)
	x.s.shareScaling(x.region, k)
	return x.nothing()
}

// deregister forgets a target that there is.
func (s *state) deregister(r *region, k scalingKey) {
	i, _ := r.scaling.find(k)
	for _, a := range r.scaling.targets[i].actions {
		s.unschedule(a)
	}
	r.scaling.targets = slices.Delete(r.scaling.targets, i, i+1)
	s.relink(r, k.table)
}

// scalingPage is what the describing operations ask for.
type scalingPage struct {
	scalingInput
	resources []string // of targets
	names     []string // of policies, or of scheduled actions
	naming    string   // the member that has them
	most      integer
	next      text
	unscaled  flag // IncludeNotScaledActivities
}

func (in *scalingPage) paging(w wire, name string) error {
	switch name {
	case "MaxResults":
		return w.integer(&in.most)
	case "NextToken":
		return w.text(&in.next)
	}
	return in.scalingInput.member(w, name)
}

// check holds the constraints. most is what a page can have.
func (in *scalingPage) check(most int64) error {
	var c constraints
	in.constraints(&c, false)
	c.scalingNames("resourceIds", in.resources)
	c.scalingNames(in.naming, in.names)
	c.between("maxResults", in.most, 1, most)
	if err := c.err(); err != nil {
		return err
	}
	if in.dimension.set && !in.resource.set && len(in.resources) == 0 {
		return invalid(textScalingDimension)
	}
	if !in.most.set {
		in.most.v = most
	}
	return nil
}

// start is the place of the first entry of the page, among entries that are in
// the order of places.
func (in *scalingPage) start() (string, error) {
	if !in.next.set {
		return "", nil
	}
	place, err := base64.RawURLEncoding.DecodeString(in.next.v)
	if err != nil || len(place) == 0 {
		return "", errScalingToken()
	}
	return string(place), nil
}

func (e *enc) nextPlace(place string) {
	e.str("NextToken", base64.RawURLEncoding.EncodeToString([]byte(place)))
}

// wants reports whether a target is among those asked for.
func (in *scalingPage) wants(k scalingKey) bool {
	return in.namespace.v == "dynamodb" &&
		(!in.resource.set || in.resource.v == k.resource()) && (!in.dimension.set || in.dimension.v == k.dimension()) &&
		(len(in.resources) == 0 || slices.Contains(in.resources, k.resource()))
}

// describeTargets lists targets by resource and dimension.
func (x *exchange) describeTargets() error {
	in := &scalingPage{}
	err := x.fields(func(w wire, name string) error {
		switch name {
		case "ResourceIds":
			return w.texts(&in.resources)
		case "ResourceId":
			return w.unknown()
		}
		return in.paging(w, name)
	})
	if err != nil {
		return err
	}
	if err := in.check(targetPage); err != nil {
		return err
	}
	return x.listTargets(in, "ScalableTargets", func(e *enc, t *scalable) bool {
		x.describeTarget(e, t)
		return true
	})
}

// listTargets lists what each of the targets asked for has to tell; which those
// are that have nothing write reports before it writes.
func (x *exchange) listTargets(in *scalingPage, member string, write func(*enc, *scalable) bool) error {
	from, err := in.start()
	if err != nil {
		return err
	}
	e := x.enc()
	e.open()
	e.key(member)
	e.list()
	n, next := int64(0), ""
	for _, t := range x.region.scaling.targets {
		if !in.wants(t.scalingKey) || t.order() < from {
			continue
		}
		mark := len(e.b)
		if !write(&e, t) {
			continue
		}
		if n++; n > in.most.v {
			e.b, next = e.b[:mark], t.order()
			break
		}
	}
	e.unlist()
	if next != "" {
		e.nextPlace(next)
	}
	e.close()
	x.out = e.b
	return nil
}

// target writes the members that name a target.
func (e *enc) target(k scalingKey) {
	e.str("ServiceNamespace", "dynamodb")
	e.str("ResourceId", k.resource())
	e.str("ScalableDimension", k.dimension())
}

// scalingRole is the service's own role: any that is given stands for it.
func (s *state) scalingRole() string {
	return "arn:aws:iam::" + s.opts.Account +
		":role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
}

func (x *exchange) describeTarget(e *enc, t *scalable) {
	e.open()
	e.target(t.scalingKey)
	e.int("MinCapacity", t.min)
	e.int("MaxCapacity", t.max)
	e.str("RoleARN", x.s.scalingRole())
	e.time("CreationTime", t.created)
	e.key("SuspendedState")
	e.open()
	e.bool("DynamicScalingInSuspended", t.inSuspended)
	e.bool("DynamicScalingOutSuspended", t.outSuspended)
	e.bool("ScheduledScalingSuspended", t.timed)
	e.close()
	e.str("ScalableTargetARN", t.arn)
	e.close()
}

// describeActivities lists activities, the newest first.
func (x *exchange) describeActivities() error {
	in := &scalingPage{}
	err := x.fields(func(w wire, name string) error {
		if name == "IncludeNotScaledActivities" {
			return w.flag(&in.unscaled)
		}
		return in.paging(w, name)
	})
	if err != nil {
		return err
	}
	if err := in.check(activityPage); err != nil {
		return err
	}
	from, err := in.start()
	if err != nil {
		return err
	}
	x.out = x.encodeActivities(in, from)
	return nil
}

func (x *exchange) encodeActivities(in *scalingPage, from string) []byte {
	e := x.enc()
	e.open()
	e.key("ScalingActivities")
	e.list()
	n, next := int64(0), ""
	for _, a := range slices.Backward(x.region.scaling.activities) {
		if a.id == from {
			from = ""
		}
		if from != "" || !in.wants(a.scalingKey) || a.code != "" && !in.unscaled.v || a.start <= x.s.now-activityKept {
			continue
		}
		if n++; n > in.most.v {
			next = a.id
			break
		}
		a.describe(&e)
	}
	e.unlist()
	if next != "" {
		e.nextPlace(next)
	}
	e.close()
	return e.b
}

func (a *activity) describe(e *enc) {
	e.open()
	e.str("ActivityId", a.id)
	e.target(a.scalingKey)
	e.str("Description", a.description())
	e.str("Cause", a.cause)
	e.time("StartTime", a.start)
	if a.end != 0 {
		e.time("EndTime", a.end)
	}
	e.str("StatusCode", a.status)
	if a.message != "" {
		e.str("StatusMessage", a.message)
	}
	if a.code != "" {
		e.key("NotScaledReasons")
		e.list()
		e.open()
		e.str("Code", a.code)
		e.int(strings.TrimPrefix(a.code, "AlreadyAt"), a.bound)
		e.int("CurrentCapacity", a.from)
		e.close()
		e.unlist()
	}
	e.close()
}
