package engine_test

import (
	"testing"

	"github.com/tidwall/gjson"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
	"github.com/sortkey/sortkey/engine/meter"
)

// In random histories the receipt of each request is what its reply calls
// ConsumedCapacity, arm by arm, and the arms add up to the total.
func TestReceiptsAreConsumedCapacity(t *testing.T) {
	compared, withIndexes := 0, 0
	for seed := range uint64(3) {
		h := enginetest.Generate(seed+40, 2500)
		e := engine.New(h.Options)
		for _, s := range h.Steps {
			if !s.IsCall() {
				if _, err := e.Step(s); err != nil {
					t.Fatal(err)
				}
				continue
			}
			reply, receipt := e.Meter(s.Call)
			consumed := gjson.GetBytes(reply.Body, "ConsumedCapacity")
			if !consumed.Exists() {
				continue
			}
			compared++
			if consumed.Get("0.Table").Exists() || consumed.Get("Table").Exists() {
				withIndexes++
			}
			if problem := compareConsumed(consumed, receipt); problem != "" {
				t.Fatalf("%s %s: %s\n%s\n%+v", s.Call.Target, s.Call.Body, problem, reply.Body, receipt)
			}
		}
	}
	if compared < 1500 || withIndexes < 500 {
		t.Errorf("%d replies compared, %d of them with indexes", compared, withIndexes)
	}
}

// compareConsumed tells how the ConsumedCapacity of a reply, an entry or a list
// of them, differs from the receipt; "" for not at all.
func compareConsumed(consumed gjson.Result, r *meter.Receipt) string {
	list := []gjson.Result{consumed}
	if consumed.IsArray() {
		list = consumed.Array()
	}
	var total meter.Units
	arms := map[meter.ArmKind]meter.Units{}
	told := false
	for _, c := range list {
		sum := units(c)
		total += sum
		if !c.Get("Table").Exists() {
			continue
		}
		told = true
		parts := units(c.Get("Table"))
		arms[meter.TableArm] += parts
		for kind, member := range map[meter.ArmKind]string{meter.GSIArm: "GlobalSecondaryIndexes", meter.LSIArm: "LocalSecondaryIndexes"} {
			c.Get(member).ForEach(func(_, index gjson.Result) bool {
				arms[kind] += units(index)
				parts += units(index)
				return true
			})
		}
		if parts != sum {
			return "the parts of an entry do not add up to its CapacityUnits"
		}
	}
	if total != r.Total() {
		return "the receipt has another total"
	}
	for _, kind := range []meter.ArmKind{meter.TableArm, meter.GSIArm, meter.LSIArm} {
		if told && arms[kind] != r.Of(kind) {
			return "the receipt has other arms"
		}
	}
	return ""
}

// units reads the CapacityUnits of an object; halves are exact in floating
// point.
func units(c gjson.Result) meter.Units { return meter.Units(2 * c.Get("CapacityUnits").Float()) }
