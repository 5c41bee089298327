package web

import (
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
)

func post(t *testing.T, d *Desk, path string, form url.Values) string {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Body.String()
}

func TestSmoke(t *testing.T) {
	d := New(Config{})
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	os.WriteFile("/tmp/sk/page.html", w.Body.Bytes(), 0o644)
	t.Log(w.Code, w.Body.Len())
	for _, text := range []string{
		`Query { TableName: "Shop", KeyConditionExpression: "PK = :p", FilterExpression: "status = :s", ExpressionAttributeValues: {":p": {S:"CUSTOMER#c-1042"}, ":s": {S:"x"}} }`,
		`Scan { TableName: "Shop", Limit: 3 }`,
		`UpdateItem { TableName: "Shop", Key: {PK: {S:"CUSTOMER#c-1042"}, SK: {S:"ORDER#2026-08-03#7316"}}, UpdateExpression: "SET #s = :s", ExpressionAttributeNames: {"#s": "status"}, ExpressionAttributeValues: {":s": {S:"GONE"}}, ReturnValues: "ALL_NEW" }`,
		`DescribeTable {TableName: "Shop"}`, `ListTables {}`, `Nope {`, ``, `Foo {}`,
	} {
		out := post(t, d, "/desk/run", url.Values{"text": {text}})
		t.Log(len(out), strings.Contains(out, "Use #status"))
	}
	t.Log(len(post(t, d, "/desk/new", nil)), len(post(t, d, "/desk/undo-new", nil)), len(post(t, d, "/desk/clock", url.Values{"by": {"60"}})))
}
