package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// fits reports what in a reply's value is not as the model's shape has it, and
// notes every member that is there.
func (m *apiModel) fits(shape, path string, v any, seen map[string]bool) error {
	s := m.Shapes[shape]
	ok := true
	switch s.Type {
	case "structure":
		return m.members(shape, path, v, seen)
	case "list":
		list, is := v.([]any)
		for i, e := range list {
			if err := m.fits(s.Member.Shape, fmt.Sprintf("%s.%d", path, i), e, seen); err != nil {
				return err
			}
		}
		ok = is
	case "string":
		text, is := v.(string)
		ok = is && (s.Enum == nil || slices.Contains(s.Enum, text))
	case "boolean":
		_, ok = v.(bool)
	case "long", "integer":
		n, is := v.(json.Number)
		_, err := n.Int64()
		ok = is && err == nil
	case "timestamp":
		n, is := v.(json.Number)
		_, err := n.Float64()
		ok = is && err == nil
	default:
		ok = false
	}
	if !ok {
		return fmt.Errorf("%s is %v, which is no %s (%s)", path, v, shape, s.Type)
	}
	return nil
}

func (m *apiModel) members(shape, path string, v any, seen map[string]bool) error {
	members, is := v.(map[string]any)
	if !is {
		return fmt.Errorf("%s is no structure", path)
	}
	for name, v := range members {
		ref, known := m.Shapes[shape].Members[name]
		if !known {
			return fmt.Errorf("%s: %s has no member %s", path, shape, name)
		}
		seen[shape+"."+name] = true
		if err := m.fits(ref.Shape, path+"."+name, v, seen); err != nil {
			return err
		}
	}
	return nil
}

// notDescribed are the members of descriptions that belong to what the engine
// does not serve.
var notDescribed = map[string]bool{
	"TableDescription.StreamSpecification": true, "TableDescription.LatestStreamLabel": true, "TableDescription.LatestStreamArn": true,
	"TableDescription.GlobalTableWitnesses": true, "TableDescription.GlobalTableSettingsReplicationMode": true, "TableDescription.MultiRegionConsistency": true,
	"TableDescription.RestoreSummary": true, "TableDescription.ArchivalSummary": true, "TableDescription.VectorIndexes": true,
	"SSEDescription.InaccessibleEncryptionDateTime": true,
}

// TestDescriptionsKeepTheModel holds every description of a long history
// against the API model: no member that it does not have, each of the right
// type, and every member somewhere.
func TestDescriptionsKeepTheModel(t *testing.T) {
	m, seen := readModel(t), map[string]bool{}
	look := func(operation string, reply engine.Reply) {
		op := m.Operations[operation]
		if op.Output == "" || reply.Status != 200 {
			return
		}
		d := json.NewDecoder(bytes.NewReader(reply.Body))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if err := m.fits(op.Output, operation, v, seen); err != nil {
			t.Fatalf("%v\n%s", err, reply.Body)
		}
	}
	h := enginetest.Generate(3, 6000)
	if _, err := h.Replay(func(_ int, s engine.Step, r engine.Reply) { look(engine.Operation(s.Call.Target), r) }); err != nil {
		t.Fatal(err)
	}
	for _, shape := range []string{
		"TableDescription", "GlobalSecondaryIndexDescription", "LocalSecondaryIndexDescription", "ProvisionedThroughputDescription",
		"BillingModeSummary", "SSEDescription", "TableClassSummary", "OnDemandThroughput", "TableWarmThroughputDescription",
		"GlobalSecondaryIndexWarmThroughputDescription", "Projection", "KeySchemaElement", "AttributeDefinition", "ListTablesOutput",
	} {
		for name := range m.Shapes[shape].Members {
			if at := shape + "." + name; !seen[at] && !notDescribed[at] {
				t.Errorf("no description has had %s", at)
			}
		}
	}
}
