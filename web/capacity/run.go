package capacity

import (
	"fmt"
	"strconv"
	"time"

	"github.com/sortkey/sortkey/engine"
)

// run is an hour (or a day) that is simulated: a table, auto scaling, and load,
// in an engine of its own. After every step there is a fork, so that any minute
// can be gone back to.
type run struct {
	knobs knobs
	shape shape
	start time.Time
	sent  []sent           // what it was made by
	forks []*engine.Engine // the first before anything is asked, one after each step
}

// sent is a request that made the run, as somebody could send it.
type sent struct{ operation, body string }

const (
	runTable = "Orders"
	runIndex = "byStatus"

	serviceTable   = "DynamoDB_20120810."
	serviceScaling = "AnyScaleFrontendService."
)

// splitHeat is how long a partition of a run has to be asked for too much until
// it is split. The service does not say how long it takes.
const splitHeat = 5 * time.Minute

// The start of runs: a Monday in engine time.
func (s shape) start() time.Time {
	hour := 9
	if s.hours == 24 {
		hour = 0
	}
	return time.Date(2026, time.January, 5, hour, 0, 0, 0, time.UTC)
}

// newRun makes a run at its beginning. An error is a fault of ours: the knobs
// are in their bounds.
func newRun(k knobs, faults func(any, []byte)) (*run, error) {
	r := &run{knobs: k, shape: k.form()}
	r.start = r.shape.start()
	e := engine.New(engine.Options{Seed: uint64(k.seed), Start: r.start, Settings: engine.Settings{Throttle: true, SplitHeat: splitHeat}})
	e.Faults = faults
	r.sent = append([]sent{k.createTable()}, k.scaling()...)
	for _, s := range r.sent {
		service := serviceScaling
		if s.operation == "CreateTable" {
			service = serviceTable
		}
		if reply := e.Handle(engine.Call{Target: service + s.operation, Body: []byte(s.body)}); reply.Status != 200 {
			return nil, fmt.Errorf("%s: %s", s.operation, reply.Body)
		}
	}
	for _, l := range k.loads() {
		if err := e.StartLoad(l); err != nil {
			return nil, err
		}
	}
	r.forks = append(r.forks, e)
	return r, nil
}

// reached is the minute up to which the run has come.
func (r *run) reached() int { return (len(r.forks) - 1) * r.shape.each }

// reach lets the run come to a minute, if it has not yet.
func (r *run) reach(minute int) error {
	for r.reached() < minute {
		e := r.forks[len(r.forks)-1].Fork()
		if err := e.AdvanceTo(r.start.Add(time.Duration(r.reached()+r.shape.each) * time.Minute)); err != nil {
			return err
		}
		r.forks = append(r.forks, e)
	}
	return nil
}

// at is the engine as it was at a minute that the run has come to.
func (r *run) at(minute int) *engine.Engine { return r.forks[minute/r.shape.each] }

// sources are the engines that know the minutes up to one: an engine keeps those
// of the last 24 hours, and has forgotten the first of a day when it is over.
func (r *run) sources(until int) []*engine.Engine {
	if until <= 12*60 {
		return []*engine.Engine{r.at(until)}
	}
	return []*engine.Engine{r.at(12 * 60), r.at(until)}
}

// minute is how many minutes after the start a time is.
func (r *run) minute(t time.Time) int { return int(t.Sub(r.start) / time.Minute) }

// createTable is the request for the table of a run: with warm throughput for
// four partitions, so that there is something to be unequal.
func (k *knobs) createTable() sent {
	keys, index, throughput := `{"AttributeName":"id","AttributeType":"S"}`, "", `"BillingMode":"PAY_PER_REQUEST"`
	if k.billing == "provisioned" {
		throughput = `"BillingMode":"PROVISIONED","ProvisionedThroughput":` + units(k.start, k.start)
	}
	if k.indexed() {
		keys += `,{"AttributeName":"status","AttributeType":"S"}`
		index = `,"GlobalSecondaryIndexes":[{"IndexName":"` + runIndex + `","KeySchema":[{"AttributeName":"status","KeyType":"HASH"}],` +
			`"Projection":{"ProjectionType":"ALL"},"ProvisionedThroughput":` + units(k.start, k.index) + `}]`
	}
	return sent{"CreateTable", `{"TableName":"` + runTable + `","AttributeDefinitions":[` + keys + `],` +
		`"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],` + throughput +
		`,"WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000}` + index + `}`}
}

// indexed reports whether the table has an index with capacity of its own.
func (k *knobs) indexed() bool { return k.billing == "provisioned" && k.index > 0 }

func units(read, write int) string {
	return `{"ReadCapacityUnits":` + strconv.Itoa(read) + `,"WriteCapacityUnits":` + strconv.Itoa(write) + `}`
}

// scaling are the requests that have the table scaled, in each direction that
// something is asked of.
func (k *knobs) scaling() (list []sent) {
	if k.billing != "provisioned" {
		return nil
	}
	for _, d := range []struct {
		word string
		rate int
	}{{"Write", k.writes}, {"Read", k.reads}} {
		if d.rate == 0 {
			continue
		}
		target := `{"ServiceNamespace":"dynamodb","ResourceId":"table/` + runTable + `","ScalableDimension":"dynamodb:table:` + d.word + `CapacityUnits"`
		list = append(list,
			sent{"RegisterScalableTarget", target + `,"MinCapacity":` + strconv.Itoa(k.least) + `,"MaxCapacity":` + strconv.Itoa(k.most) + `}`},
			sent{"PutScalingPolicy", target + `,"PolicyName":"keep-` + strconv.Itoa(k.target) + `","PolicyType":"TargetTrackingScaling",` +
				`"TargetTrackingScalingPolicyConfiguration":{"TargetValue":` + strconv.Itoa(k.target) +
				`,"PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDB` + d.word + `CapacityUtilization"}}}`})
	}
	return list
}

// runKeys is how many items there are; of the time-ordered ones there is one a
// minute.
const runKeys = 1000

// loads are the load of a run: one of writes, one of reads.
func (k *knobs) loads() (list []engine.Load) {
	s := k.form()
	l := engine.Load{
		Table: runTable, For: time.Duration(s.hours) * time.Hour, Keys: engine.KeyPattern(k.keys), Count: runKeys, Size: int64(k.size),
	}
	switch l.Keys {
	case engine.KeysHot:
		l.Hot = int64(k.hot)
	case engine.KeysOrdered:
		l.Count = int64(s.hours) * 60
	}
	if k.writes > 0 {
		l.Name, l.Rate = "writes", s.rate(k.writes)
		list = append(list, l)
	}
	if k.reads > 0 {
		l.Name, l.Rate, l.Reads = "reads", s.rate(k.reads), 100
		list = append(list, l)
	}
	return list
}
