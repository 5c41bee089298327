package endpoint

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The bank of TestSerialOrder: accounts, which clients move money between, and
// a chain, which gives each transfer that is committed the next number.
const (
	bankTable    = "Bank"
	bankAccounts = 6
	bankOpening  = 100
	bankClients  = 16
	bankCommits  = 8 // of each client
)

// transfer is one transaction as its entry in the chain records it.
type transfer struct{ version, from, to, amount int }

type attributes = map[string]types.AttributeValue

func bankKey(id string) attributes { return attributes{"id": text(id)} }
func account(i int) string         { return "account" + strconv.Itoa(i) }
func intOf(item attributes, n string) int {
	v, ok := item[n].(*types.AttributeValueMemberN)
	if !ok {
		return -1
	}
	i, _ := strconv.Atoi(v.Value)
	return i
}

func openBank(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:            aws.String(bankTable),
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
		BillingMode:          types.BillingModePayPerRequest,
	})
	items := []attributes{{"id": text("chain"), "version": number(0)}}
	for i := range bankAccounts {
		items = append(items, attributes{"id": text(account(i)), "balance": number(bankOpening)})
	}
	for _, item := range items {
		if err == nil {
			_, err = db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(bankTable), Item: item})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// commit carries the transfer out as the next of the chain. It is refused if
// another one was faster, or if the money is not there.
func (x transfer) commit(t *testing.T, db *dynamodb.Client) error {
	update := func(id, expression, condition string, values attributes) types.TransactWriteItem {
		return types.TransactWriteItem{Update: &types.Update{
			TableName: aws.String(bankTable), Key: bankKey(id), UpdateExpression: aws.String(expression),
			ConditionExpression: aws.String(condition), ExpressionAttributeValues: values,
		}}
	}
	_, err := db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		update(account(x.from), "SET balance = balance - :n ADD sent :one", "balance >= :n",
			attributes{":n": number(x.amount), ":one": number(1)}),
		update(account(x.to), "SET balance = balance + :n", "attribute_exists(id)", attributes{":n": number(x.amount)}),
		update("chain", "SET version = :v", "version = :before",
			attributes{":v": number(x.version), ":before": number(x.version - 1)}),
		{Put: &types.Put{TableName: aws.String(bankTable), Item: attributes{
			"id": text(fmt.Sprintf("entry%05d", x.version)), "version": number(x.version),
			"from": number(x.from), "to": number(x.to), "amount": number(x.amount),
		}, ConditionExpression: aws.String("attribute_not_exists(id)")}},
	}})
	return err
}

// readBank reads the chain's version and all accounts in one transaction, and
// sees that no money is lost or made.
func readBank(t *testing.T, db *dynamodb.Client) (version int, balances []int, err error) {
	gets := []types.TransactGetItem{{Get: &types.Get{TableName: aws.String(bankTable), Key: bankKey("chain")}}}
	for i := range bankAccounts {
		gets = append(gets, types.TransactGetItem{Get: &types.Get{TableName: aws.String(bankTable), Key: bankKey(account(i))}})
	}
	out, err := db.TransactGetItems(t.Context(), &dynamodb.TransactGetItemsInput{TransactItems: gets})
	if err != nil {
		return 0, nil, err
	}
	sum := 0
	for _, r := range out.Responses[1:] {
		balances = append(balances, intOf(r.Item, "balance"))
		sum += balances[len(balances)-1]
	}
	if sum != bankAccounts*bankOpening || slices.Min(balances) < 0 {
		t.Errorf("a transaction reads the balances %d", balances)
	}
	return intOf(out.Responses[0].Item, "version"), balances, nil
}

// bankClient commits its transfers, trying again where others were faster, and
// counts how often they were.
func bankClient(t *testing.T, db *dynamodb.Client, seed uint64) (refused int) {
	random := rand.New(rand.NewPCG(1, seed))
	for done := 0; done < bankCommits; {
		version, balances, err := readBank(t, db)
		if err != nil {
			t.Error(err)
			return refused
		}
		x := transfer{version: version + 1, from: random.IntN(bankAccounts)}
		x.to = (x.from + 1 + random.IntN(bankAccounts-1)) % bankAccounts
		x.amount = 1 + random.IntN(balances[x.from]+5) // at times more than there is
		err = x.commit(t, db)
		var cancelled *types.TransactionCanceledException
		switch {
		case err == nil:
			done++
		case errors.As(err, &cancelled):
			refused++
		default:
			t.Error(err)
			return refused
		}
	}
	return refused
}

func scanBank(t *testing.T, db *dynamodb.Client) []attributes {
	t.Helper()
	out, err := db.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(bankTable), ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Items
}

// chain is what the entries record, in the order of their versions.
func chain(items []attributes) []transfer {
	var list []transfer
	for _, item := range items {
		if _, ok := item["amount"]; ok {
			list = append(list, transfer{intOf(item, "version"), intOf(item, "from"), intOf(item, "to"), intOf(item, "amount")})
		}
	}
	slices.SortFunc(list, func(a, b transfer) int { return cmp.Compare(a.version, b.version) })
	return list
}

// Sixteen clients issue transactions that conflict. What they leave is what the
// transactions leave that were committed, one by one in the order of the chain.
func TestSerialOrder(t *testing.T) {
	p := fresh(t, Options{})
	server := httptest.NewServer(p)
	defer server.Close()
	openBank(t, newClient(server.Client(), server.URL))
	var wg sync.WaitGroup
	refused := make([]int, bankClients)
	for i := range bankClients {
		wg.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			refused[i] = bankClient(t, newClient(&http.Client{Transport: transport}, server.URL), uint64(i))
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	left := scanBank(t, newClient(server.Client(), server.URL))
	committed := chain(left)
	if len(committed) != bankClients*bankCommits {
		t.Errorf("%d transfers in the chain, want %d", len(committed), bankClients*bankCommits)
	}
	conflicts := 0
	for _, n := range refused {
		conflicts += n
	}
	t.Logf("%d transactions committed, %d refused", len(committed), conflicts)
	if conflicts == 0 {
		t.Error("no transaction met another one")
	}

	again := newClient(&http.Client{Transport: fresh(t, Options{})}, "https://dynamodb.invalid")
	openBank(t, again)
	for i, x := range committed {
		if x.version != i+1 {
			t.Fatalf("entry %d of the chain has version %d", i+1, x.version)
		}
		if err := x.commit(t, again); err != nil {
			t.Fatalf("%+v, on its own: %v", x, err)
		}
	}
	if got := scanBank(t, again); !reflect.DeepEqual(got, left) {
		t.Errorf("one by one they leave\n%v\ntogether they left\n%v", got, left)
	}
}
