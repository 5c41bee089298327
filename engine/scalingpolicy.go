package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sortkey/sortkey/engine/attr"
)

// Scaling policies.

// scalingPolicyInput is the request of PutScalingPolicy.
type scalingPolicyInput struct {
	scalingInput
	name, kind            text
	tracking              bool // there is a TargetTrackingScalingPolicyConfiguration
	target                integer
	metric, label         text
	specified, customized bool
	in, out               integer
	noIn                  flag
	foreign               string // a configuration for other services
}

func (in *scalingPolicyInput) member(w wire, name string) error {
	switch name {
	case "PolicyName":
		return w.text(&in.name)
	case "PolicyType":
		return w.text(&in.kind)
	case "TargetTrackingScalingPolicyConfiguration":
		in.tracking = true
		return w.structure("TargetTrackingScalingPolicyConfiguration", in.configuration)
	case "StepScalingPolicyConfiguration", "PredictiveScalingPolicyConfiguration":
		in.foreign = strings.TrimSuffix(name, "PolicyConfiguration")
		return w.Skip()
	}
	return in.scalingInput.member(w, name)
}

func (in *scalingPolicyInput) configuration(w wire, name string) error {
	switch name {
	case "TargetValue":
		return w.double(&in.target)
	case "PredefinedMetricSpecification":
		in.specified = true
		return w.structure("PredefinedMetricSpecification", func(w wire, name string) error {
			switch name {
			case "PredefinedMetricType":
				return w.text(&in.metric)
			case "ResourceLabel":
				return w.text(&in.label)
			}
			return w.unknown()
		})
	case "CustomizedMetricSpecification":
		in.customized = true
		return w.Skip()
	case "ScaleOutCooldown":
		return w.integer(&in.out)
	case "ScaleInCooldown":
		return w.integer(&in.in)
	case "DisableScaleIn":
		return w.flag(&in.noIn)
	}
	return w.unknown()
}

// double reads a number in millionths; what is finer is cut off.
func (w wire) double(n *integer) error {
	if w.Peek() != attr.TokenNumber {
		return serializationError(w.Wrong("Double"))
	}
	raw, err := w.Number()
	if err != nil {
		return serializationError(err)
	}
	n.set, n.v = true, truncate(raw)
	number, err := attr.ParseNumber(raw)
	if err != nil || n.v > 1e6 || n.v < -1e6 { // far out of any range
		return nil
	}
	_, fraction, _ := strings.Cut(number.String(), ".")
	millionths, _ := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	if n.v *= percent; strings.HasPrefix(raw, "-") {
		millionths = -millionths
	}
	n.v += millionths
	return nil
}

// putScalingPolicy makes a policy, or gives one another configuration: its ARN
// and alarms stay.
func (x *exchange) putScalingPolicy() error {
	in := &scalingPolicyInput{}
	if err := x.fields(in.member); err != nil {
		return err
	}
	if err := in.constraints(); err != nil {
		return err
	}
	k, err := in.key()
	if err != nil {
		return err
	}
	if err := in.check(k); err != nil {
		return err
	}
	target := x.region.scaling.target(k)
	if target == nil {
		return errNotRegistered(k)
	}
	if err := in.fits(target, x.region); err != nil {
		return err
	}
	p := in.policy(x, target)
	c := *target
	c.policy = p
	x.region.scaling.set(&c)
	x.s.shareScaling(x.region, k)
	if t := x.region.tables[k.table]; t != nil && t.load != nil && t.load.asked(x.s.now) {
		x.s.watch(t)
	}
	e := x.enc()
	e.open()
	e.str("PolicyARN", p.arn)
	p.describeAlarms(&e, x.region.name, x.s.opts.Account)
	e.close()
	x.out = e.b
	return nil
}

// asked reports whether there were requests in the minute that now lies in.
func (l *load) asked(now int64) bool {
	return slices.ContainsFunc(l.scopes, func(sc *scope) bool { return sc.minute.start == now-now%aMinute && !sc.minute.empty() })
}

func (in *scalingPolicyInput) constraints() error {
	var c constraints
	c.required("policyName", in.name.set)
	c.length("policyName", in.name, 1, 256)
	in.scalingInput.constraints(&c, true)
	c.enum("policyType", in.kind, enumScalingPolicyType)
	if in.tracking {
		const path = "targetTrackingScalingPolicyConfiguration."
		c.required(path+"targetValue", in.target.set)
		if in.specified {
			c.required(path+"predefinedMetricSpecification.predefinedMetricType", in.metric.set)
			c.enum(path+"predefinedMetricSpecification.predefinedMetricType", in.metric, enumScalingMetric)
			c.length(path+"predefinedMetricSpecification.resourceLabel", in.label, 1, 1023)
		}
	}
	return c.err()
}

// check makes the checks that need no target.
func (in *scalingPolicyInput) check(k scalingKey) error {
	switch {
	case in.kind.set && in.kind.v != "TargetTrackingScaling":
		return errPolicyKind(in.kind.v)
	case in.foreign != "":
		return errPolicyKind(in.foreign)
	case !in.tracking:
		return invalid(textPolicyConfiguration)
	case in.specified == in.customized:
		return invalid(textPolicyMetric)
	case in.customized:
		return errNotBuilt("PutScalingPolicy with CustomizedMetricSpecification")
	case in.metric.v != "DynamoDB"+k.dir.metric()+"CapacityUtilization":
		return errPolicyDimension(in.metric.v, k.dimension())
	case in.label.set:
		return invalid(textPolicyLabel)
	case in.target.v < lowestTarget || in.target.v > highestTarget:
		return invalid(textPolicyTarget)
	case in.in.v < 0 || in.out.v < 0:
		return invalid(textPolicyCooldown)
	}
	return nil
}

// fits sees that the target can take the policy.
func (in *scalingPolicyInput) fits(target *scalable, r *region) error {
	switch old := target.policy; {
	case r.scaling.pending(target.scalingKey):
		return errPending()
	case old != nil && old.name != in.name.v:
		return invalid(textPolicySecond)
	case old == nil && !in.kind.set:
		return invalid(textPolicyType)
	}
	return nil
}

// policy is that of the request.
func (in *scalingPolicyInput) policy(x *exchange, target *scalable) *scalingPolicy {
	p := &scalingPolicy{}
	if target.policy != nil {
		*p = *target.policy
	} else {
		p = x.s.newScalingPolicy(x.region, target.scalingKey, in.name.v)
	}
	p.configure(in.target, in.in, in.out, in.noIn)
	return p
}

// configure gives a policy its configuration; cooldowns may be missing.
func (p *scalingPolicy) configure(target, in, out integer, noIn flag) {
	p.target, p.in, p.out, p.noIn, p.noInSet = target.v, -1, -1, noIn.v, noIn.set
	if in.set {
		p.in = in.v
	}
	if out.set {
		p.out = out.v
	}
}

// newScalingPolicy is a policy without a configuration.
func (s *state) newScalingPolicy(r *region, k scalingKey, name string) *scalingPolicy {
	p := &scalingPolicy{name: name, created: s.now, id: s.uuid(idScaling)}
	p.arn = "arn:aws:autoscaling:" + r.name + ":" + s.opts.Account + ":scalingPolicy:" + p.id +
		":resource/dynamodb/" + k.resource() + ":policyName/" + p.name
	p.high = "TargetTracking-" + k.resource() + "-AlarmHigh-" + s.uuid(idScaling)
	p.low = "TargetTracking-" + k.resource() + "-AlarmLow-" + s.uuid(idScaling)
	return p
}

func (p *scalingPolicy) describeAlarms(e *enc, region, account string) {
	e.key("Alarms")
	e.list()
	for _, name := range []string{p.high, p.low} {
		e.open()
		e.str("AlarmName", name)
		e.str("AlarmARN", "arn:aws:cloudwatch:"+region+":"+account+":alarm:"+name)
		e.close()
	}
	e.unlist()
}

// deleteScalingPolicy deletes a policy and its alarms.
func (x *exchange) deleteScalingPolicy() error {
	in := &scalingPolicyInput{}
	err := x.fields(func(w wire, name string) error {
		if name == "PolicyName" {
			return w.text(&in.name)
		}
		return in.scalingInput.member(w, name)
	})
	if err != nil {
		return err
	}
	var c constraints
	c.required("policyName", in.name.set)
	c.length("policyName", in.name, 1, 1600)
	in.scalingInput.constraints(&c, true)
	if err := c.err(); err != nil {
		return err
	}
	k, err := in.key()
	if err != nil {
		return err
	}
	target := x.region.scaling.target(k)
	switch {
	case target == nil || target.policy == nil || target.policy.name != in.name.v:
		return errNoScalingPolicy(k, in.name.v)
	case x.region.scaling.pending(k):
		return errPending()
	}
	gone := *target
	gone.policy = nil
	x.region.scaling.set(&gone)
	x.s.shareScaling(x.region, k)
	return x.nothing()
}

// describeScalingPolicies lists policies by resource and dimension.
func (x *exchange) describeScalingPolicies() error {
	in := &scalingPage{}
	err := x.fields(func(w wire, name string) error {
		if name == "PolicyNames" {
			return w.texts(&in.names)
		}
		return in.paging(w, name)
	})
	if err != nil {
		return err
	}
	in.naming = "policyNames"
	if err := in.check(policyPage); err != nil {
		return err
	}
	return x.listTargets(in, "ScalingPolicies", func(e *enc, t *scalable) bool {
		if t.policy == nil || len(in.names) > 0 && !slices.Contains(in.names, t.policy.name) {
			return false
		}
		x.describeScalingPolicy(e, t)
		return true
	})
}

func (x *exchange) describeScalingPolicy(e *enc, t *scalable) {
	p := t.policy
	e.open()
	e.str("PolicyARN", p.arn)
	e.str("PolicyName", p.name)
	e.target(t.scalingKey)
	e.str("PolicyType", "TargetTrackingScaling")
	e.key("TargetTrackingScalingPolicyConfiguration")
	e.open()
	e.raw("TargetValue", p.targetText())
	e.key("PredefinedMetricSpecification")
	e.open()
	e.str("PredefinedMetricType", "DynamoDB"+t.dir.metric()+"CapacityUtilization")
	e.close()
	e.adjustments(p)
	e.close()
	p.describeAlarms(e, x.region.name, x.s.opts.Account)
	e.time("CreationTime", p.created)
	e.close()
}

// adjustments writes what a policy's configuration may leave out.
func (e *enc) adjustments(p *scalingPolicy) {
	if p.out >= 0 {
		e.int("ScaleOutCooldown", p.out)
	}
	if p.in >= 0 {
		e.int("ScaleInCooldown", p.in)
	}
	if p.noInSet {
		e.bool("DisableScaleIn", p.noIn)
	}
}

// targetText is the TargetValue as a double is written: "70.0".
func (p *scalingPolicy) targetText() string {
	whole, fraction := strconv.FormatInt(p.target/percent, 10), strconv.FormatInt(percent+p.target%percent, 10)[1:]
	fraction = strings.TrimRight(fraction, "0")
	if fraction == "" {
		fraction = "0"
	}
	return whole + "." + fraction
}

// scalingNames checks a list of up to fifty names.
func (c *constraints) scalingNames(path string, list []string) {
	c.count(path, "["+strings.Join(list, ", ")+"]", len(list), 0, 50)
	c.texts(path, list, 1, 1600)
}
