package scenario

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"
)

// A link is "1." and, in base64url without padding, the CRC-32 of the document's text (big endian) and the text
// compressed by deflate with linkWords as its dictionary. The version before the dot counts the link's form, not the
// document's: another dictionary would be another version.
const linkPrefix = "1."

// linkWords is what documents are full of, most frequent last, so that a small document makes a short link. It can
// never change: links made with it are in other people's pages.
const linkWords = `StreamSpecification StreamViewType NEW_AND_OLD_IMAGES ProvisionedThroughput ReadCapacityUnits WriteCapacityUnits
TimeToLiveSpecification TransactWriteItems TransactItems BatchWriteItem RequestItems PutRequest BatchGetItem Keys Update Delete
ExclusiveStartKey ScanIndexForward ConsistentRead Limit Select COUNT ReturnValues ALL_NEW ALL_OLD UPDATED_NEW ReturnConsumedCapacity
INDEXES TOTAL attribute_not_exists( attribute_exists( begins_with( contains( size( if_not_exists( list_append( BETWEEN
LocalSecondaryIndexes GlobalSecondaryIndexes IndexName Projection: { ProjectionType: "ALL" } KEYS_ONLY INCLUDE NonKeyAttributes
CreateTable {
  TableName: "
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "PK", AttributeType: "S" },
    { AttributeName: "SK", AttributeType: "N" }
  ],
  KeySchema: [{ AttributeName: "PK", KeyType: "HASH" }, { AttributeName: "SK", KeyType: "RANGE" }],
DeleteItem GetItem Scan UpdateItem UpdateExpression: "SET #n = :n REMOVE ADD", ConditionExpression: "
Query {
  TableName: "
  KeyConditionExpression: "PK = :pk AND SK
  FilterExpression: "#status <> :
  ProjectionExpression: "
  ExpressionAttributeNames: { "#
  ExpressionAttributeValues: {
    ":pk": { S: "
---
sortkey: 1
title: 
seed: 
start: 2026-01-01T00:00:00Z
region: us-east-1 eu-west-1
---

` + "```clock\nadvance 1h\n```\n\n```view table=\n```\n\n```dynamodb\n" + `PutItem {
  TableName: "
  Item: {
    PK: { S: "#" }, SK: { S: " }, 
    id: { S: " }, status: { S: " }, name: { S: " }, total: { N: "1" }, tags: { SS: ["
    L: [ { M: { BOOL: true } }, { BOOL: false } ], { NULL: true }
  }
}
`

// EncodeLink makes the link form of a document, for a URL's fragment: letters, digits, dot, - and _. It is the same
// for equal documents. A document too large to travel in a link is a TooLong error; it can still be a file.
func EncodeLink(d *Document) (string, error) {
	text := d.Text()
	if _, err := Parse(text); err != nil {
		return "", err
	}
	payload := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(text))
	packed := bytes.NewBuffer(payload)
	w, err := flate.NewWriterDict(packed, flate.BestCompression, []byte(linkWords))
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	if packed.Len() > MaxLink {
		return "", plainError(TooLong, "this scenario is too large for a link: ", itoa(packed.Len()), " bytes compressed, at most ",
			itoa(MaxLink), " fit")
	}
	return linkPrefix + base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}

// DecodeLink reads what EncodeLink wrote. White space around and within it, as mail programs add, does no harm.
func DecodeLink(link string) (*Document, error) {
	text, err := unpack(link)
	if err != nil {
		return nil, err
	}
	return Parse(text)
}

func unpack(link string) ([]byte, error) {
	// Room for the base64 and some white space; a longer text is not looked at.
	if len(link) > MaxLink*3/2 {
		return nil, plainError(TooLong, "this link is too long: ", itoa(len(link)), " characters")
	}
	link = strings.Join(strings.Fields(link), "")
	version, packed, ok := strings.Cut(link, ".")
	switch {
	case !ok || version == "" || len(version) > 4 || digits(version) != len(version):
		return nil, plainError(Damaged, "this is not a link to a scenario: expected it to begin with ", linkPrefix)
	case version+"." != linkPrefix:
		return nil, plainError(Version, "this link is written for version ", version, ", here version 1 is read")
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(packed, "="))
	if err != nil || len(payload) < 5 {
		return nil, damaged()
	}
	if len(payload) > MaxLink {
		return nil, plainError(TooLong, "this link is too long: ", itoa(len(payload)), " bytes, at most ", itoa(MaxLink), " are read")
	}
	return inflate(payload)
}

func damaged() *Error {
	return plainError(Damaged, "this link is damaged: it was cut or altered on its way")
}

// inflate never holds more than MaxText bytes, whatever the payload would grow to.
func inflate(payload []byte) ([]byte, error) {
	r := flate.NewReaderDict(bytes.NewReader(payload[4:]), []byte(linkWords))
	text, err := io.ReadAll(io.LimitReader(r, MaxText+1))
	switch {
	case len(text) > MaxText:
		return nil, plainError(TooLarge, "this link holds too much: more than ", itoa(MaxText), " bytes when unpacked")
	case err != nil || crc32.ChecksumIEEE(text) != binary.BigEndian.Uint32(payload):
		return nil, damaged()
	}
	return text, nil
}
