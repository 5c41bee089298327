package endpoint_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/endpoint"
)

// The AWS SDK talks to the engine with no socket. This is the README's example.
func Example() {
	e := engine.New(engine.Options{Seed: 1})
	client := dynamodb.New(dynamodb.Options{
		Region:      "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("any", "any", ""),
		HTTPClient:  &http.Client{Transport: endpoint.New(endpoint.Options{Engine: e})},
	})
	ctx := context.Background()
	_, err := client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName:            aws.String("Shop"),
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
	})
	fmt.Println(err)
	if err := e.AdvanceTo(e.Now().Add(time.Hour)); err != nil { // time passes when the test says so
		fmt.Println(err)
	}
	before := e.Fork() // the whole state, in O(1) per tree
	_, err = client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String("Shop"),
		Item:      map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "a"}},
	})
	fmt.Println(err)
	fmt.Println(before.Tables("")[0].Items, e.Tables("")[0].Items)
	// Output:
	// <nil>
	// <nil>
	// 0 1
}
