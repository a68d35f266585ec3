package mongo

import (
	"context"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// rights are what a user may do, by what it may do it to.
type rights struct {
	// told says that the server told: FerretDB knows users and no rights, and a server without access control lets everybody do everything.
	told bool
	list []grant
}

// grant is some actions on a collection; empty names stand for any, of the collections that are not the server's own.
type grant struct {
	any                  bool
	database, collection string
	actions              actions
}

// actions are what may be done, by MongoDB's names of privilege actions.
type actions []string

func (a actions) has(name string) bool { return slices.Contains(a, name) }

// in gathers what may be done in a collection.
func (r *rights) in(database, collection string) (out actions) {
	for _, g := range r.list {
		named := (g.database == "" || g.database == database) && (g.collection == "" && !strings.HasPrefix(collection, "system.") || g.collection == collection)
		if g.any || named {
			out = append(out, g.actions...)
		}
	}
	return out
}

// rights asks the server what the user may do.
func (c *Connector) rights(ctx context.Context) (*rights, error) {
	within, cancel := c.statement(ctx)
	defer cancel()
	said, err := c.client.Database("admin").RunCommand(within, bson.D{{Key: "connectionStatus", Value: 1}, {Key: "showPrivileges", Value: true}}).Raw()
	if err != nil {
		return nil, c.fault(ctx, "", err)
	}
	list, is := said.Lookup("authInfo", "authenticatedUserPrivileges").ArrayOK()
	if !is {
		return &rights{}, nil
	}
	values, err := list.Values()
	if err != nil {
		return nil, answerFault("", "what the user may do can't be read")
	}
	out := &rights{told: true}
	for _, v := range values {
		doc, is := v.DocumentOK()
		if !is {
			return nil, answerFault("", "what the user may do can't be read")
		}
		if g, is := granted(doc); is {
			out.list = append(out.list, g)
		}
	}
	return out, nil
}

// granted reads one privilege; those on the cluster are none on collections.
func granted(doc bson.Raw) (g grant, is bool) {
	if all, ok := doc.Lookup("resource", "anyResource").BooleanOK(); ok && all {
		g.any = true
	} else {
		var ofDatabase, ofCollection bool
		g.database, ofDatabase = doc.Lookup("resource", "db").StringValueOK()
		g.collection, ofCollection = doc.Lookup("resource", "collection").StringValueOK()
		if !ofDatabase || !ofCollection {
			return g, false
		}
	}
	list, _ := doc.Lookup("actions").ArrayOK()
	values, err := list.Values()
	if err != nil {
		return g, false
	}
	for _, v := range values {
		if name, ok := v.StringValueOK(); ok {
			g.actions = append(g.actions, name)
		}
	}
	return g, true
}
