package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sortkey/sortkey/engine/enginetest"
)

// batchReply is a BatchGetItem's reply.
type batchReply struct {
	Responses       map[string][]json.RawMessage
	UnprocessedKeys map[string]struct {
		Keys                 []json.RawMessage
		ConsistentRead       *bool
		ProjectionExpression string
	}
}

// TestBatchBytes: a BatchGetItem stops before the item that would bring it
// over 16 MB, whatever the projection leaves of the items; of a hundred of
// 300 KB 52 come, and asking again for the others brings all.
func TestBatchBytes(t *testing.T) {
	f := enginetest.New(t)
	var keys [2][]string
	for i, table := range []string{"Big", "Small"} {
		f.Must("CreateTable", strings.Replace(plain, `"Tab"`, `"`+table+`"`, 1))
		for n := range 50 {
			key := fmt.Sprintf(`"pk":{"S":"p"},"sk":{"N":"%d"}`, 10+n)
			f.Must("PutItem", `{"TableName":"`+table+`","Item":{`+key+`,"x":{"S":"`+strings.Repeat("x", 300<<10-20)+`"}}}`)
			keys[i] = append(keys[i], "{"+key+"}")
		}
	}
	request := fmt.Sprintf(`{"Big":{"Keys":[%s],"ConsistentRead":true,"ProjectionExpression":"sk"},"Small":{"Keys":[%s],"ProjectionExpression":"sk"}}`,
		strings.Join(keys[0], ","), strings.Join(keys[1], ","))
	var first batchReply
	f.Into(&first, "BatchGetItem", `{"RequestItems":`+request+`}`)
	left := first.UnprocessedKeys["Small"]
	if len(first.Responses["Big"]) != 50 || len(first.Responses["Small"]) != 2 || len(first.UnprocessedKeys) != 1 {
		t.Fatalf("%d and %d items come, keys of %d tables are left", len(first.Responses["Big"]), len(first.Responses["Small"]), len(first.UnprocessedKeys))
	}
	if len(left.Keys) != 48 || left.ConsistentRead != nil || left.ProjectionExpression != "sk" || string(left.Keys[0]) != keys[1][2] {
		t.Errorf("left are %d: %+v", len(left.Keys), left)
	}
	again, err := json.Marshal(first.UnprocessedKeys)
	if err != nil {
		t.Fatal(err)
	}
	var second batchReply
	f.Into(&second, "BatchGetItem", `{"RequestItems":`+strings.Replace(string(again), `"ConsistentRead":null,`, "", 1)+`}`)
	if len(second.Responses["Small"]) != 48 || len(second.UnprocessedKeys) != 0 {
		t.Errorf("asked again, %d items come", len(second.Responses["Small"]))
	}
}
