package engine

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine/meter"
)

// Settings are what the simulation lets its host choose, at the start and
// later: a change is a step of the history. The zero value is the plain
// service: nothing lags, nothing takes time.
type Settings struct {
	// Transition is how long tables stay CREATING and DELETING, in engine
	// time. Zero completes them as soon as the reply is made.
	Transition time.Duration
	// Envelope makes PutItem, UpdateItem, DeleteItem and Query report faults
	// in the form of a request as "1 validation error detected: …", as the
	// service has done since the middle of 2026, and not in the bare words
	// that it had before.
	Envelope bool
	// ReadDelay is the most that what an eventually consistent read sees can
	// be behind: lag.go has the model.
	ReadDelay time.Duration
	// IndexDelay is how long changes take to arrive in global secondary
	// indexes.
	IndexDelay time.Duration
	// BatchLimit is how many members of a batch are processed: the others come
	// back as UnprocessedKeys or UnprocessedItems, as they do when the service
	// is busy. 0 processes all.
	BatchLimit int64
	// TTLTransition is how long TTL stays ENABLING and DISABLING.
	TTLTransition time.Duration
	// TTLLag is how much later than at its expiry an item may be swept: each
	// is by a lag of its own between 0 and this, in whole seconds.
	TTLLag time.Duration
	// BackfillRate is how many items a second of engine time a new index takes
	// in of a table that has some. Zero takes in all at once, Transition after
	// the index has got its room.
	BackfillRate int64
	// TableQuota is how many tables a region can have, and OperationQuota how
	// many of them can be created, updated and deleted at once; zero stands for
	// the service's 2,500 and 500.
	TableQuota, OperationQuota int64
	// CollectionLimit is how many bytes the items of one partition key can have
	// in a table with local indexes; zero stands for the service's 10 GB.
	CollectionLimit int64
	// Throttle lets tables and indexes do no more than their throughput, and
	// keeps what they were asked for: load.go has the model. The others that
	// follow take effect only with it.
	Throttle bool
	// ThroughputQuota is how many units a second the account lets each table
	// and index on demand have; zero stands for the service's 40,000.
	ThroughputQuota int64
	// SplitSize is how many bytes make a partition split; zero stands for the
	// service's 10 GB.
	SplitSize int64
	// SplitHeat is how long a partition has to be asked for more than it can do
	// to be split; zero stands for ten minutes.
	SplitHeat time.Duration
	// ReplicationDelay is how long a change of a global table takes from one
	// region to another, give or take ReplicationJitter; ReplicationLoss is the
	// percentage of transmissions that get lost and are made again. link.go has
	// the model. They are those of links without terms of their own.
	ReplicationDelay, ReplicationJitter time.Duration
	ReplicationLoss                     int64
}

// Setting is a row of the one list of settings: what headers, flags, steps and
// forms know of it. Exactly one of duration, flag and number is set.
type Setting struct {
	Name  string // in headers and flags: lower case, words joined by -
	About string // what it does, in one line
	Min   int64  // of a number
	Max   int64  // of a number; of a duration in nanoseconds

	duration func(*Settings) *time.Duration
	flag     func(*Settings) *bool
	number   func(*Settings) *int64
}

// settings is the list, in the order in which headers write them.
var settings = []Setting{
	{
		Name: "transition", About: "how long tables and indexes take to be created and deleted", Max: maxDelay,
		duration: func(s *Settings) *time.Duration { return &s.Transition },
	},
	{
		Name: "envelope", About: "report malformed requests in the envelope of 2026",
		flag: func(s *Settings) *bool { return &s.Envelope },
	},
	{
		Name: "read-delay", About: "how far eventually consistent reads can be behind", Max: maxDelay,
		duration: func(s *Settings) *time.Duration { return &s.ReadDelay },
	},
	{
		Name: "index-delay", About: "how long changes take to arrive in global secondary indexes", Max: maxDelay,
		duration: func(s *Settings) *time.Duration { return &s.IndexDelay },
	},
	{
		Name: "batch-limit", About: "how many members of a batch are processed, 0 for all; the rest comes back unprocessed", Max: maxBatchGet,
		number: func(s *Settings) *int64 { return &s.BatchLimit },
	},
	{
		Name: "ttl-transition", About: "how long time to live takes to be turned on and off", Max: maxDelay,
		duration: func(s *Settings) *time.Duration { return &s.TTLTransition },
	},
	{
		Name: "ttl-lag", About: "how late expired items may be deleted", Max: maxDelay,
		duration: func(s *Settings) *time.Duration { return &s.TTLLag },
	},
	{
		Name: "backfill-rate", About: "items a second that a new index takes in, 0 for all at once", Max: 1_000_000_000,
		number: func(s *Settings) *int64 { return &s.BackfillRate },
	},
	{
		Name: "table-quota", About: "tables that a region can have, 0 for 2500", Max: 1_000_000,
		number: func(s *Settings) *int64 { return &s.TableQuota },
	},
	{
		Name: "operation-quota", About: "tables that can be created, updated and deleted at once, 0 for 500", Max: 1_000_000,
		number: func(s *Settings) *int64 { return &s.OperationQuota },
	},
	{
		Name: "collection-limit", About: "bytes of an item collection in a table with local indexes, 0 for 10 GB", Max: 1 << 50,
		number: func(s *Settings) *int64 { return &s.CollectionLimit },
	},
	{
		Name: "throttle", About: "let tables and indexes do no more than their throughput",
		flag: func(s *Settings) *bool { return &s.Throttle },
	},
	{
		Name: "throughput-quota", About: "units a second of a table on demand that is throttled, 0 for 40000", Max: meter.MaxBucketRate,
		number: func(s *Settings) *int64 { return &s.ThroughputQuota },
	},
	{
		Name: "split-size", About: "bytes that make a partition split where tables are throttled, 0 for 10 GB", Max: 1 << 50,
		number: func(s *Settings) *int64 { return &s.SplitSize },
	},
	{
		Name: "split-heat", About: "how long a partition is asked for too much until it splits, 0 for 10m", Max: maxDelay,
		duration: func(s *Settings) *time.Duration { return &s.SplitHeat },
	},
	{
		Name: "replication-delay", About: "how long changes of global tables take to another region", Max: maxLatency,
		duration: func(s *Settings) *time.Duration { return &s.ReplicationDelay },
	},
	{
		Name: "replication-jitter", About: "by how much that can be more or less", Max: maxLatency,
		duration: func(s *Settings) *time.Duration { return &s.ReplicationJitter },
	},
	{
		Name: "replication-loss", About: "percentage of messages between regions that are lost and sent again", Max: maxLoss,
		number: func(s *Settings) *int64 { return &s.ReplicationLoss },
	},
}

// maxDelay bounds every duration: a year.
const maxDelay = int64(365 * 24 * time.Hour)

// SettingList lists the settings there are.
func SettingList() []Setting { return settings }

// SettingNamed finds a setting by its name.
func SettingNamed(name string) (Setting, bool) {
	for _, x := range settings {
		if x.Name == name {
			return x, true
		}
	}
	return Setting{}, false
}

// IsFlag reports whether the setting is true or false, IsNumber whether it is
// a whole number; any other is a duration.
func (x Setting) IsFlag() bool   { return x.flag != nil }
func (x Setting) IsNumber() bool { return x.number != nil }

// Text is the setting's value as Set reads it: "120ms", "true", "25".
func (x Setting) Text(s Settings) string {
	switch {
	case x.flag != nil:
		return strconv.FormatBool(*x.flag(&s))
	case x.number != nil:
		return strconv.FormatInt(*x.number(&s), 10)
	}
	return x.duration(&s).String()
}

// IsZero reports whether the setting is as in the plain service.
func (x Setting) IsZero(s Settings) bool { return x.Text(s) == x.Text(Settings{}) }

// Set reads a value: true or false, a whole number, or a duration as
// time.ParseDuration knows it. An error leaves the settings as they are.
func (x Setting) Set(s *Settings, text string) error {
	switch {
	case x.flag != nil:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%s: %q is neither true nor false", x.Name, text)
		}
		*x.flag(s) = v
	case x.number != nil:
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v < x.Min || v > x.Max {
			return fmt.Errorf("%s: %q is not a whole number between %d and %d", x.Name, text, x.Min, x.Max)
		}
		*x.number(s) = v
	default:
		v, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("%s: %q is not a duration such as 120ms or 5s", x.Name, text)
		}
		if v < 0 || int64(v) > x.Max {
			return fmt.Errorf("%s: %s is not between 0 and %s", x.Name, v, time.Duration(x.Max))
		}
		*x.duration(s) = v
	}
	return nil
}

// Configure changes a setting from now on. It is a step of the history, like
// a step of the clock.
func (e *Engine) Configure(name, value string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	x, ok := SettingNamed(name)
	if !ok {
		return fmt.Errorf("there is no setting called %q", name)
	}
	lag := e.s.opts.TTLLag
	err := x.Set(&e.s.opts.Settings, value)
	e.s.trim()
	if e.s.opts.TTLLag != lag {
		e.s.relistExpiries()
	}
	e.s.unload()
	return err
}

// digest writes the settings that differ from the plain service.
func (s Settings) digest(w io.Writer) {
	for _, x := range settings[1:] { // the first stands with the options
		switch {
		case x.IsZero(s):
		case x.flag != nil:
			fmt.Fprintln(w, x.Name)
		default:
			fmt.Fprintln(w, x.Name, x.Text(s))
		}
	}
}

// header writes the settings that differ from the plain service as members.
// The first has always been written.
func (s Settings) header(e *enc) {
	for i, x := range settings {
		switch {
		case i > 0 && x.IsZero(s):
		case x.flag != nil:
			e.bool(x.Name, true)
		default:
			e.str(x.Name, x.Text(s))
		}
	}
}

// readSettings reads what header wrote.
func readSettings(m map[string]string) (s Settings, err error) {
	for _, x := range settings {
		if text, ok := m[x.Name]; ok && err == nil {
			err = x.Set(&s, text)
		}
	}
	return s, err
}
