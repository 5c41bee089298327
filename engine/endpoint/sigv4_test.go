package endpoint

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"
)

const (
	testKey    = "AKIDEXAMPLE"
	testSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

var signedAt = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// verifying is an endpoint that knows one key, at signedAt.
func verifying(t *testing.T) *Endpoint {
	return fresh(t, Options{Signers: &Signers{
		Secrets: map[string]string{testKey: testSecret},
		Now:     func() time.Time { return signedAt },
	}})
}

// The examples that AWS published with the algorithm (aws-sig-v4-test-suite).
func TestPublishedSignatures(t *testing.T) {
	const post, get = http.MethodPost, http.MethodGet
	for _, c := range []struct{ method, target, want string }{
		{get, "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{post, "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{post, "/?Param1=value1", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
		{get, "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
	} {
		r := httptest.NewRequest(c.method, c.target, nil)
		r.Host = "example.amazonaws.com"
		r.Header.Set("X-Amz-Date", "20150830T123600Z")
		s := &signature{
			algorithm: algorithm, scope: testKey + "/20150830/us-east-1/service/aws4_request",
			signed: "host;x-amz-date", value: c.want, date: "20150830T123600Z", key: testKey,
		}
		v := &Signers{Secrets: map[string]string{testKey: testSecret}}
		if f := v.verify(r, s, nil); f != nil {
			t.Errorf("%s %s: %s", c.method, c.target, f.message)
		}
		s.value = strings.Repeat("0", 64)
		if v.verify(r, s, nil) == nil {
			t.Errorf("%s %s: a wrong signature passes", c.method, c.target)
		}
	}
}

// tampering changes requests between their signing and the endpoint.
type tampering struct {
	next   http.RoundTripper
	tamper func(r *http.Request)
}

func (x tampering) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	x.tamper(r)
	return x.next.RoundTrip(r)
}

func replaceBody(r *http.Request, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

// The SDK's own signer: what it signs passes, by both ways in, and what it did
// not sign fails with the error that AWS gives.
func TestSDKSignatures(t *testing.T) {
	cases := []struct {
		name        string
		key, secret string
		token       string
		ahead       time.Duration // of the host's clock
		tamper      func(r *http.Request)
		want        string // error code, "" for none
		text        string // part of its message
	}{
		{name: "right"},
		{name: "with a session token", token: "a/session+token=="},
		{name: "four minutes late", ahead: 4 * time.Minute},
		{name: "four minutes early", ahead: -4 * time.Minute},
		{name: "body again as it was", tamper: func(r *http.Request) { replaceBody(r, `{"Limit":7}`) }},
		{name: "wrong secret", secret: "guess", want: "InvalidSignatureException", text: "The request signature we calculated does not match"},
		{name: "unknown key", key: "AKIDOTHER", want: "UnrecognizedClientException", text: "The security token included in the request is invalid."},
		{name: "expired", ahead: 6 * time.Minute, want: "InvalidSignatureException", text: " - 5 min.)"},
		{name: "not yet", ahead: -6 * time.Minute, want: "InvalidSignatureException", text: "Signature not yet current: "},
		{name: "other body", tamper: func(r *http.Request) { replaceBody(r, `{"Limit":8}`) },
			want: "InvalidSignatureException", text: "The request signature we calculated does not match"},
		{name: "other operation", tamper: func(r *http.Request) { r.Header.Set("X-Amz-Target", "DynamoDB_20120810.DescribeTable") },
			want: "InvalidSignatureException", text: "x-amz-target:DynamoDB_20120810.DescribeTable"},
		{name: "other token", token: "one", tamper: func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "two") },
			want: "InvalidSignatureException", text: "x-amz-security-token:two"},
		{name: "token put in", tamper: func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "two") },
			want: "InvalidSignatureException", text: "'X-Amz-Security-Token' must be a 'SignedHeader'"},
		{name: "other date", tamper: func(r *http.Request) { r.Header.Set("X-Amz-Date", "20000101T000000Z") },
			want: "InvalidSignatureException", text: "Date in Credential scope does not match"},
		{name: "query put in", tamper: func(r *http.Request) { r.URL.RawQuery = "a=b" },
			want: "InvalidSignatureException", text: "'POST\n/\na=b\n"},
	}
	for _, c := range cases {
		if c.tamper == nil {
			c.tamper = func(*http.Request) {}
		}
		if c.key == "" {
			c.key = testKey
		}
		if c.secret == "" {
			c.secret = testSecret
		}
		p := fresh(t, Options{Signers: &Signers{
			Secrets: map[string]string{testKey: testSecret},
			Now:     func() time.Time { return time.Now().Add(c.ahead) },
		}})
		server := httptest.NewServer(p)
		for way, transport := range map[string]http.RoundTripper{"round trip": p, "port": server.Client().Transport} {
			t.Run(c.name+", "+way, func(t *testing.T) {
				db := dynamodb.New(dynamodb.Options{
					Region: "eu-west-3", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
					Credentials: credentials.NewStaticCredentialsProvider(c.key, c.secret, c.token),
					HTTPClient:  &http.Client{Transport: tampering{transport, c.tamper}},
				})
				_, err := db.ListTables(t.Context(), &dynamodb.ListTablesInput{Limit: aws.Int32(7)})
				expectError(t, err, c.want, c.text)
			})
		}
		server.Close()
	}
}

func expectError(t *testing.T, err error, code, text string) {
	t.Helper()
	var api smithy.APIError
	switch {
	case code == "" && err != nil:
		t.Errorf("got %v", err)
	case code == "":
	case !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), text):
		t.Errorf("got %v, want %s with %q", err, code, text)
	}
}

// sdkSigned signs a request for signedAt with the SDK's signer.
func sdkSigned(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	sum := sha256.Sum256(body)
	r.Header.Del("Authorization")
	err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: testKey, SecretAccessKey: testSecret},
		r, hex.EncodeToString(sum[:]), "dynamodb", "us-east-1", signedAt)
	if err != nil {
		t.Fatal(err)
	}
}

// What is signed of a compressed body is its compressed form.
func TestSignedGzip(t *testing.T) {
	r := post("ListTables", "")
	packed := gzipped(`{"Limit":7}`).Bytes()
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(packed)), int64(len(packed))
	r.Header.Set("Content-Encoding", "gzip")
	sdkSigned(t, r, packed)
	if w := serve(verifying(t), r); w.Code != 200 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func presign(t *testing.T, query url.Values) *http.Request {
	t.Helper()
	r := post("ListTables", "{}")
	r.Header.Del("Authorization")
	r.Header.Del("X-Amz-Date")
	r.URL.RawQuery = query.Encode()
	sum := sha256.Sum256([]byte("{}"))
	at, _, err := v4.NewSigner().PresignHTTP(context.Background(), aws.Credentials{AccessKeyID: testKey, SecretAccessKey: testSecret},
		r, hex.EncodeToString(sum[:]), "dynamodb", "us-east-1", signedAt)
	if err != nil {
		t.Fatal(err)
	}
	if r.URL, err = url.Parse(at); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPresignedVerified(t *testing.T) {
	cases := []struct {
		name    string
		expires string
		ahead   time.Duration
		spoil   func(r *http.Request)
		want    string // part of the answer
	}{
		{"right", "", 0, nil, `{"TableNames":[]}`},
		{"lasting", "3600", 59 * time.Minute, nil, `{"TableNames":[]}`},
		{"over", "3600", 61 * time.Minute, nil, "20260304T050607Z is now earlier than 20260304T050707Z (20260304T060707Z - 60 min.)"},
		{"over in seconds", "90", 2 * time.Minute, nil, " - 90 sec.)"},
		{"over by default", "", 6 * time.Minute, nil, " - 5 min.)"},
		{"too early", "3600", -6 * time.Minute, nil, "Signature not yet current: 20260304T050607Z is still later than 20260304T050507Z (20260304T050007Z + 5 min.)"},
		{"no time", "0", 0, nil, "X-Amz-Expires must be"},
		{"too long", "604801", 0, nil, "X-Amz-Expires must be"},
		{"prolonged", "60", 0, func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "Expires=60", "Expires=99", 1) },
			"The request signature we calculated does not match"},
		{"odd characters", "60&x=a+b/%7e*\u00e9", 0, nil, `{"TableNames":[]}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := verifying(t)
			p.signers.Now = func() time.Time { return signedAt.Add(c.ahead) }
			query := url.Values{}
			if c.expires != "" {
				query, _ = url.ParseQuery("X-Amz-Expires=" + c.expires)
			}
			r := presign(t, query)
			if c.spoil != nil {
				c.spoil(r)
			}
			if w := serve(p, r); !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
}

// Signatures that are wrong in form where verification looks closer.
func TestSignatureForm(t *testing.T) {
	const scope = "AKIDEXAMPLE/20260304/us-east-1/dynamodb/aws4_request"
	cases := []struct{ name, from, to, want string }{
		{"algorithm", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512", `#IncompleteSignatureException","message":"Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'"`},
		{"regions", scope, "AKIDEXAMPLE/20260304/dynamodb/aws4_request", "Credential must have exactly 5"},
		{"day", scope, "AKIDEXAMPLE/20260305/us-east-1/dynamodb/aws4_request",
			"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260305' != '20260304', from '20260304T050607Z'."},
		{"service", scope, "AKIDEXAMPLE/20260304/us-east-1/execute-api/aws4_request", "Credential should be scoped to correct service: 'dynamodb'. "},
		{"terminator", scope, "AKIDEXAMPLE/20260304/us-east-1/dynamodb/aws5", "valid terminator: 'aws4_request', not 'aws5'."},
		{"host", ";host;", ";", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
		{"target", ";x-amz-target", "", "'X-Amz-Target' must be a 'SignedHeader'"},
		{"case", "Signature=", "Signature=A", "The request signature we calculated does not match"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := post("ListTables", "{}")
			sdkSigned(t, r, []byte("{}"))
			before := r.Header.Get("Authorization")
			r.Header.Set("Authorization", strings.Replace(before, c.from, c.to, 1))
			if before == r.Header.Get("Authorization") {
				t.Fatalf("nothing to spoil in %s", before)
			}
			if w := serve(verifying(t), r); w.Code != 400 || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
	r := post("ListTables", "{}")
	r.Header.Set("X-Amz-Date", "yesterday")
	if w := serve(verifying(t), r); !strings.Contains(w.Body.String(), "Date must be in ISO-8601 'basic format'. Got 'yesterday'.") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

// An old client dates its requests as HTTP does, and gives a header in pieces.
func TestSignedByHand(t *testing.T) {
	r := post("ListTables", "{}")
	r.Header.Del("X-Amz-Date")
	r.Header.Set("Date", signedAt.Format(http.TimeFormat))
	r.Header["X-Note"] = []string{"  two   words ", "more"}
	canonical := "POST\n/\n\ndate:Wed, 04 Mar 2026 05:06:07 GMT\nhost:example.com\nx-amz-target:DynamoDB_20120810.ListTables\nx-note:two words,more\n\n" +
		"date;host;x-amz-target;x-note\n" + hexSum("{}")
	scope := []string{"20260304", "us-east-1", "dynamodb", "aws4_request"}
	toSign := "AWS4-HMAC-SHA256\n20260304T050607Z\n" + strings.Join(scope, "/") + "\n" + hexSum(canonical)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+testKey+"/"+strings.Join(scope, "/")+
		",SignedHeaders=date;host;x-amz-target;x-note,Signature="+sign(testSecret, scope, toSign))
	if w := serve(verifying(t), r); w.Code != 200 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

// Nothing unsigned reaches the engine.
func TestUnsignedChangesNothing(t *testing.T) {
	p := verifying(t)
	before := p.engine.StateHash()
	for _, r := range []*http.Request{post("CreateTable", createShop), inRegion(post("CreateTable", createShop), "eu-west-3")} {
		if w := serve(p, r); w.Code != 400 {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	}
	if p.engine.StateHash() != before {
		t.Error("the state has changed")
	}
}
