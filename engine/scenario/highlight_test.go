package scenario

import (
	"strings"
	"testing"
)

func marked(src string) string {
	var b strings.Builder
	for _, token := range Highlight(src) {
		b.WriteString(token.Kind.String()[:2] + "<" + src[token.Start:token.End] + "> ")
	}
	return strings.TrimSpace(b.String())
}

func TestHighlight(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"all kinds", `Query { a: 1, "b": true } // c`,
			`op<Query> pu<{> ke<a> pu<:> nu<1> pu<,> st<"b"> pu<:> li<true> pu<}> co<// c>`},
		{"an expression", `Q { FilterExpression: "#s <> :no AND size(a.b) IN (:x)" }`,
			`op<Q> pu<{> ke<FilterExpression> pu<:> st<"> pl<#s> st< > wo<<>> st< > pl<:no> st< > wo<AND> st< > wo<size> st<(a.b) > wo<IN> st< (> pl<:x> st<)"> pu<}>`},
		{"an update", `Q { 'UpdateExpression': "SET n = if_not_exists(n, :0) + :1 remove b" }`,
			`op<Q> pu<{> st<'UpdateExpression'> pu<:> st<"> wo<SET> st< n > wo<=> st< > wo<if_not_exists> st<(n, > pl<:0> st<) > wo<+> st< > pl<:1> st< > wo<remove> st< b"> pu<}>`},
		{"values are no expressions", `Q { ExpressionAttributeNames: { "#a": "AND" } }`,
			`op<Q> pu<{> ke<ExpressionAttributeNames> pu<:> pu<{> st<"#a"> pu<:> st<"AND"> pu<}> pu<}>`},
		{"escapes", `Q { FilterExpression: "a\u003d:b \"AND\\" }`,
			`op<Q> pu<{> ke<FilterExpression> pu<:> st<"a\u003d> pl<:b> st< \"> wo<AND> st<\\"> pu<}>`},
		{"unfinished", `Query { FilterExpression: "a = :`, `op<Query> pu<{> ke<FilterExpression> pu<:> st<"a > wo<=> st< :>`},
		{"nonsense", `] € : x`, `pu<]> pu<:> op<x>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := marked(c.src); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// checkTokens holds for every text: tokens are ordered, inside the text and not empty.
func checkTokens(t *testing.T, src string) {
	end := 0
	for _, token := range Highlight(src) {
		if token.Start < end || token.End <= token.Start || token.End > len(src) || token.Kind.String() == "" {
			t.Fatalf("token %+v after %d in %q", token, end, src)
		}
		end = token.End
	}
}
