package dataset

import (
	"fmt"
	"strings"
)

// distances counts, for each collection that can be reached from the starts, the fewest references that lead there.
func (g *Graph) distances(start func(*node) bool) map[Address]int {
	dist := map[Address]int{}
	var queue []Address
	for _, a := range g.order {
		if n := g.nodes[a]; !n.collection.Skip && start(n) {
			dist[a] = 0
			queue = append(queue, a)
		}
	}
	for len(queue) > 0 {
		a := queue[0]
		queue = queue[1:]
		for _, i := range g.nodes[a].out {
			to := g.edges[i].To.Address
			if _, known := dist[to]; !known {
				dist[to] = dist[a] + 1
				queue = append(queue, to)
			}
		}
	}
	return dist
}

// unreachable notes collections that no identity reaches and that are not marked to be skipped.
func (b *builder) unreachable() {
	dist := b.graph.distances(func(n *node) bool { return len(n.ways) > 0 || n.foreign })
	for _, a := range b.graph.order {
		n := b.graph.nodes[a]
		if _, reached := dist[a]; !reached && !n.collection.Skip {
			b.note(n.dataset, n.collection.Line, a.String(), "no identity reaches this collection",
				"give a field an identity, add a reference, or set skip_processing: true if it holds no personal data")
		}
	}
}

// cycles notes every collection that has to come after itself.
func (b *builder) cycles(key string, after func(*node) []Address) {
	const onPath, done = 1, 2
	state := map[Address]int{}
	var path []Address
	var visit func(Address)
	visit = func(a Address) {
		state[a] = onPath
		path = append(path, a)
		for _, next := range after(b.graph.nodes[a]) {
			switch state[next] {
			case onPath:
				b.noteCycle(key, path, next)
			case done:
			default:
				visit(next)
			}
		}
		path = path[:len(path)-1]
		state[a] = done
	}
	for _, a := range b.graph.order {
		if state[a] == 0 {
			visit(a)
		}
	}
}

// noteCycle writes a cycle as the chain of its members.
func (b *builder) noteCycle(key string, path []Address, back Address) {
	from := len(path) - 1
	for path[from] != back {
		from--
	}
	names := make([]string, 0, len(path)-from+1)
	for _, a := range path[from:] {
		names = append(names, a.String())
	}
	names = append(names, back.String())
	n := b.graph.nodes[back]
	b.note(n.dataset, n.collection.Line, back.String(), fmt.Sprintf("%s goes round in a circle: %s", key, strings.Join(names, " → ")),
		"remove one of its steps")
}
