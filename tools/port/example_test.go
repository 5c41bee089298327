package port_test

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/sortkey/sortkey/engine"
	"github.com/sortkey/sortkey/engine/endpoint"
	"github.com/sortkey/sortkey/tools/port"
)

// The AWS SDK talks to an engine over a port of this machine.
func Example() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	server := port.New(endpoint.New(endpoint.Options{Engine: engine.New(engine.Options{Seed: 1})}), nil)
	ended := make(chan error)
	go func() { ended <- server.Serve(l) }()

	ctx := context.Background()
	client := dynamodb.New(dynamodb.Options{
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider("any", "any", ""),
		BaseEndpoint: aws.String("http://" + l.Addr().String()),
	})
	list, err := client.ListTables(ctx, &dynamodb.ListTablesInput{})
	fmt.Println(len(list.TableNames), err)

	fmt.Println(server.Shutdown(ctx), <-ended == http.ErrServerClosed)
	// Output:
	// 0 <nil>
	// <nil> true
}
