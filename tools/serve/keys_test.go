package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func keyFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestKeyFlags(t *testing.T) {
	file := keyFile(t, "# who may call\n\nthree = c=c/+ \nfour=d\n")
	c, err := parseFlags([]string{"-key", "one=a", "-key=two=b", "-keys", file}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for id, secret := range map[string]string{"one": "a", "two": "b", "three": "c=c/+", "four": "d"} {
		if c.keys[id] != secret {
			t.Errorf("the secret of %s is %q", id, c.keys[id])
		}
	}
	if c, _ := parseFlags(nil, io.Discard); c.keys.signers() != nil {
		t.Error("without keys signatures are verified")
	}
	for name, args := range map[string][]string{
		"no id":       {"-key", "=hushhush"},
		"no =":        {"-key", "hushhush"},
		"a scope":     {"-key", "one/2026=hushhush"},
		"two secrets": {"-key", "one=a", "-key", "one=hushhush"},
		"no secret":   {"-key", "hushhush="},
		"no file":     {"-keys", filepath.Join(t.TempDir(), "none")},
		"no keys":     {"-keys", keyFile(t, "# nobody\n")},
		"a bad line":  {"-keys", keyFile(t, "one=a\nhushhush\n")},
	} {
		var out strings.Builder
		if _, err := parseFlags(args, &out); err == nil || strings.Contains(err.Error()+out.String(), "hushhush") {
			t.Errorf("%s: %v %s", name, err, &out)
		}
	}
}

// A server with keys serves who has one, and the page.
func TestKeysAreAsked(t *testing.T) {
	h := handler(t, config{keys: keys{"one": "secret"}})
	server := httptest.NewServer(h)
	defer server.Close()
	for secret, want := range map[string]bool{"secret": true, "guess": false} {
		db := dynamodb.New(dynamodb.Options{
			Region: "us-east-1", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider("one", secret, ""),
		})
		_, err := db.ListTables(t.Context(), &dynamodb.ListTablesInput{})
		if got := err == nil; got != want || !want && !strings.Contains(err.Error(), "InvalidSignatureException") {
			t.Errorf("with the secret %q: %v", secret, err)
		}
	}
	for _, r := range []*http.Request{request("GET", "/", "", browser), request("GET", "/", "")} {
		if w := do(h, r); w.Code != 200 {
			t.Errorf("%s: %d %s", r.URL, w.Code, w.Body)
		}
	}
}
