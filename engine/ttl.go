package engine

import "time"

var ttlOperations = []operation{
	{"UpdateTimeToLive", true, (*exchange).updateTTL},
	{"DescribeTimeToLive", false, (*exchange).describeTTL},
}

// The states of a table's time to live. Items are swept while it is ENABLED.
const (
	ttlEnabling  = "ENABLING"
	ttlEnabled   = "ENABLED"
	ttlDisabling = "DISABLING"
	ttlDisabled  = "DISABLED"
)

// ttlInterval is how long after one change of a table's time to live the next
// is refused (semantics §9; 30 minutes have been seen too).
const ttlInterval = time.Hour

// ttlMeta is the time to live of a table.
type ttlMeta struct {
	status    string // "" where it has never been on
	attribute string // "" where it is off
	changed   int64  // when a request last changed it, in nanoseconds
	region    string // of the table, for its events
}

// active reports whether the attribute is settled: on, or about to be.
func (m *ttlMeta) active() bool { return m.status == ttlEnabling || m.status == ttlEnabled }

// ttlInput is the request of UpdateTimeToLive.
type ttlInput struct {
	table     text
	set       bool
	enabled   flag
	attribute text
}

func (in *ttlInput) member(w wire, name string) error {
	switch name {
	case "TableName":
		return w.text(&in.table)
	case "TimeToLiveSpecification":
		in.set = true
		return w.structure(name, func(w wire, name string) error {
			switch name {
			case "Enabled":
				return w.flag(&in.enabled)
			case "AttributeName":
				return w.text(&in.attribute)
			}
			return w.unknown()
		})
	}
	return w.unknown()
}

func (in *ttlInput) validate() error {
	if err := validateControlName(in.table); err != nil {
		return err
	}
	var c constraints
	c.required("timeToLiveSpecification", in.set)
	if in.set {
		c.required("timeToLiveSpecification.enabled", in.enabled.set)
		c.required("timeToLiveSpecification.attributeName", in.attribute.set)
		c.length("timeToLiveSpecification.attributeName", in.attribute, 1, 255)
	}
	return c.err()
}

// updateTTL turns a table's time to live on or off; the clock completes it.
func (x *exchange) updateTTL() error {
	in := &ttlInput{}
	if err := x.fields(in.member); err != nil {
		return err
	}
	if err := in.validate(); err != nil {
		return err
	}
	t, err := x.controlTable(in.table)
	if err != nil {
		return err
	}
	if err := t.settled(); err != nil {
		return err
	}
	if err := t.meta.ttl.refuse(in, x.s.now); err != nil {
		return err
	}
	if g := x.s.globalOf(t); g != nil && g.meta.strong {
		return invalid(textStrongTTL)
	}
	x.s.switchTTL(x.region, t, in)
	x.s.followTTL(t, in)
	e := x.enc()
	e.open()
	e.key("TimeToLiveSpecification")
	e.open()
	e.bool("Enabled", in.enabled.v)
	e.str("AttributeName", in.attribute.v)
	e.close()
	e.close()
	x.out = e.b
	return nil
}

// switchTTL begins to turn a table's time to live on or off.
func (s *state) switchTTL(r *region, t *table, in *ttlInput) {
	m := *t.meta
	m.ttl = ttlMeta{status: ttlDisabling, attribute: in.attribute.v, changed: s.now, region: r.name}
	if in.enabled.v {
		m.ttl.status = ttlEnabling
	}
	t.meta = &m
	s.stopSweeping(t)
	s.after(s.opts.TTLTransition, ttlChanges, r, t)
}

// followTTL does the same to all other replicas of a global table.
func (s *state) followTTL(t *table, in *ttlInput) {
	for _, o := range s.fellows(t) {
		if o.table != t {
			s.switchTTL(o.region, o.table, in)
		}
	}
}

// refuse is why a change cannot be made, nil if it can.
func (m *ttlMeta) refuse(in *ttlInput, now int64) error {
	switch {
	case m.active() && m.attribute != in.attribute.v:
		return errTTLOther(m.attribute)
	case m.active() && in.enabled.v:
		return invalid(textTTLEnabled)
	case !m.active() && !in.enabled.v:
		return invalid(textTTLDisabled)
	case m.status == ttlEnabling, m.status == ttlDisabling, m.status != "" && now-m.changed < int64(ttlInterval):
		return invalid(textTTLOften)
	}
	return nil
}

// changeTTL completes what a request began.
func (s *state) changeTTL(t *table) {
	m := *t.meta
	switch m.ttl.status {
	case ttlEnabling:
		m.ttl.status = ttlEnabled
	case ttlDisabling:
		m.ttl.status, m.ttl.attribute = ttlDisabled, ""
	}
	t.meta = &m
	s.startSweeping(t)
}

func (x *exchange) describeTTL() error {
	t, err := x.namedTable()
	if err != nil {
		return err
	}
	m := &t.meta.ttl
	e := x.enc()
	e.open()
	e.key("TimeToLiveDescription")
	e.open()
	if m.status == "" {
		e.str("TimeToLiveStatus", ttlDisabled)
	} else {
		e.str("TimeToLiveStatus", m.status)
	}
	if m.attribute != "" {
		e.str("AttributeName", m.attribute)
	}
	e.close()
	e.close()
	x.out = e.b
	return nil
}
