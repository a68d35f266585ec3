// Package sample makes a company to try Docket on: Halden & Birk, who sell outdoor gear. It has two databases, a customer-relations
// system and a web shop, filled by a seeded generator, so that the same seed always gives the same people.
package sample

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// The company, and a person who is in both systems with rows of every kind. She has an older contact under another address,
// which only the shop's reference to it leads to.
const (
	Company      = "Halden & Birk"
	DemoName     = "Amélie Brandt"
	DemoEmail    = "amelie.brandt@example.com"
	DemoOldEmail = "a.brandt.1987@example.net"
	// ThirdParty is somebody else whom the demo person's rows mention; a reviewer redacts him.
	ThirdParty      = "Tomasz Wilk"
	ThirdPartyEmail = "tomasz.wilk@example.net"
)

// Keys of the two systems; their datasets have the same keys.
const (
	CRM  = "sample_crm"
	Shop = "sample_shop"
)

// Loaded is what Load made.
type Loaded struct {
	CRM, Shop System
}

// System is one sample database.
type System struct {
	Key string
	// ReadDSN connects a role that may read the annotated tables and nothing else.
	ReadDSN string
	// ChangeDSN connects a role that may also update and delete in them.
	ChangeDSN string
	// DatasetYAML and DeclarationYAML are what the system's owner would file; Declaration is the latter, read.
	DatasetYAML     []byte
	DeclarationYAML []byte
	// ServiceYAML says how a system behind HTTP is reached; ReadDSN and ChangeDSN are its secrets then.
	ServiceYAML []byte
	Datasets    []dataset.Dataset
	Declaration dataset.Declaration
	// Rows counts the rows per table.
	Rows map[string]int
}

var (
	//go:embed schema/crm.sql
	crmSchema string
	//go:embed schema/shop.sql
	shopSchema string
	//go:embed annotation/crm.yml
	crmDataset []byte
	//go:embed annotation/shop.yml
	shopDataset []byte
	//go:embed annotation/crm_declaration.yml
	crmDeclaration []byte
	//go:embed annotation/shop_declaration.yml
	shopDeclaration []byte
)

// Load makes the databases sample_crm and sample_shop with that many people on the server of the admin's DSN, replacing what was
// there. Their read-only roles keep their passwords from load to load.
func Load(ctx context.Context, adminDSN string, seed uint64, people int) (Loaded, error) {
	return LoadAs(ctx, adminDSN, "sample", seed, people)
}

// LoadAs is Load with another prefix of the databases' and roles' names, so that several can stand side by side.
func LoadAs(ctx context.Context, adminDSN, prefix string, seed uint64, people int) (Loaded, error) {
	crm, shop, err := Annotations()
	if err != nil {
		return Loaded{}, err
	}
	company := generate(seed, people)
	if err := company.crm.install(ctx, adminDSN, prefix+"_crm", crmSchema, &crm); err != nil {
		return Loaded{}, fmt.Errorf("load the sample customer relations: %w", err)
	}
	if err := company.shop.install(ctx, adminDSN, prefix+"_shop", shopSchema, &shop); err != nil {
		return Loaded{}, fmt.Errorf("load the sample shop: %w", err)
	}
	return Loaded{CRM: crm, Shop: shop}, nil
}

// Annotations reads the two systems' datasets and declarations, without any database.
func Annotations() (crm, shop System, err error) {
	datasets, err := dataset.ParseFiles([]dataset.File{{Name: "crm.yml", Text: crmDataset}, {Name: "shop.yml", Text: shopDataset}})
	if err != nil {
		return crm, shop, fmt.Errorf("read the sample datasets: %w", err)
	}
	crm = System{Key: CRM, DatasetYAML: crmDataset, DeclarationYAML: crmDeclaration, Datasets: datasets[:1]}
	shop = System{Key: Shop, DatasetYAML: shopDataset, DeclarationYAML: shopDeclaration, Datasets: datasets[1:]}
	for _, s := range []*System{&crm, &shop} {
		declarations, err := dataset.ParseDeclarations(s.Key+"_declaration.yml", s.DeclarationYAML)
		if err != nil {
			return crm, shop, fmt.Errorf("read a sample declaration: %w", err)
		}
		s.Declaration = declarations[0]
	}
	return crm, shop, nil
}
