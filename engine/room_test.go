package engine_test

import (
	"bytes"
	"testing"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/enginetest"
)

// TestRoom: a reply is the same wherever its body goes, and room that was given
// for one call is not written to by another.
func TestRoom(t *testing.T) {
	f := enginetest.New(t)
	f.Must("CreateTable", plain)
	for i := range 20 {
		f.Must("PutItem", `{"TableName":"Tab","Item":`+benchItem(1, i)+`}`)
	}
	room := make([]byte, 0, 2000)
	for _, c := range []struct {
		operation, body string
		fits            bool
	}{
		{"GetItem", `{"TableName":"Tab","Key":{"pk":{"S":"customer#000001"},"sk":{"N":"3"}}}`, true},
		{"PutItem", `{"TableName":"Tab","Item":{"pk":{"S":"p"},"sk":{"N":"1"}},"ReturnValues":"ALL_OLD"}`, true},
		{"Query", `{"TableName":"Tab","KeyConditionExpression":"pk = :p","ExpressionAttributeValues":{":p":{"S":"customer#000001"}}}`, false},
		{"ListTables", `{}`, true},
		{"DescribeTable", `{"TableName":"None"}`, false},
		{"Nonsense", `{}`, false},
	} {
		call := engine.Call{Target: engine.Target(c.operation), Body: []byte(c.body)}
		own, other := f.Engine.Fork(), f.Engine.Fork()
		want := own.Handle(call)
		call.Room = room
		got := other.Handle(call)
		if got.Status != want.Status || !bytes.Equal(got.Body, want.Body) || got.Took != want.Took {
			t.Errorf("%s: %d %s, want %d %s", c.operation, got.Status, got.Body, want.Status, want.Body)
		}
		if &got.Body[0] == &room[:1][0] != c.fits {
			t.Errorf("%s: a body of %d bytes is in the room: %v", c.operation, len(got.Body), !c.fits)
		}
		kept := string(got.Body)
		call.Room = nil
		if other.Handle(call); string(got.Body) != kept {
			t.Errorf("%s: another call has written over the reply", c.operation)
		}
	}
}
