package mutants

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// insertion is text that is put into a file; which of two at one place comes first is said by order.
type insertion struct {
	at    int
	order int
	text  string
}

// file is a source file in which mutants are looked for.
type file struct {
	set     *token.FileSet
	source  []byte
	name    string
	next    func() int
	found   []Mutant
	opens   []insertion
	closes  []insertion
	current string         // the function that is being walked
	results *ast.FieldList // what it returns
}

// mutate returns the mutants of a file's functions that chosen picks, and the source with a switch for each.
func mutate(name string, source []byte, chosen func(function string) bool, next func() int) ([]Mutant, []byte, error) {
	f := &file{set: token.NewFileSet(), source: source, name: name, next: next}
	parsed, err := parser.ParseFile(f.set, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	for _, declaration := range parsed.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if ok && function.Body != nil && chosen(FuncName(function)) {
			f.current = FuncName(function)
			f.body(function.Type, function.Body)
		}
	}
	return f.found, f.rewritten(), nil
}

// FuncName is a function's name, and Type.Method for a method.
func FuncName(function *ast.FuncDecl) string {
	if function.Recv == nil || len(function.Recv.List) == 0 {
		return function.Name.Name
	}
	receiver := function.Recv.List[0].Type
	for {
		switch of := receiver.(type) {
		case *ast.StarExpr:
			receiver = of.X
		case *ast.IndexExpr:
			receiver = of.X
		case *ast.IndexListExpr:
			receiver = of.X
		case *ast.Ident:
			return of.Name + "." + function.Name.Name
		default:
			return function.Name.Name
		}
	}
}

// body walks a function's body; what returns inside of it returns results.
func (f *file) body(of *ast.FuncType, body *ast.BlockStmt) {
	outer := f.results
	f.results = of.Results
	f.walk(body)
	f.results = outer
}

func (f *file) walk(root ast.Node) {
	ast.Inspect(root, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			f.body(node.Type, node.Body)
			return false
		case *ast.BlockStmt:
			f.statements(node.List)
		case *ast.CommClause:
			f.statements(node.Body)
		case *ast.CaseClause:
			f.statements(node.Body)
		case *ast.IfStmt:
			f.condition(node.Cond)
		case *ast.SwitchStmt:
			f.cases(node)
		case *ast.BinaryExpr:
			f.operands(node)
		case *ast.ReturnStmt:
			f.returned(node)
		case *ast.CallExpr:
			f.context(node)
		}
		return true
	})
}

// statements can each be dropped, unless something is declared or the control flow depends on it.
func (f *file) statements(list []ast.Stmt) {
	for _, statement := range list {
		switch of := statement.(type) {
		case *ast.ExprStmt:
			if call, ok := of.X.(*ast.CallExpr); ok && isNamed(call.Fun, "panic") {
				continue
			}
		case *ast.AssignStmt:
			if of.Tok == token.DEFINE || len(of.Lhs) == 1 && isNamed(of.Lhs[0], "_") {
				continue
			}
		case *ast.IncDecStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt:
		default:
			continue
		}
		f.wrap(statement, fmt.Sprintf("if !mutantIs(%d) { ", f.add(statement, Drop)), " }")
	}
}

func (f *file) condition(cond ast.Expr) {
	f.wrap(cond, fmt.Sprintf("(!mutantIs(%d) && (mutantIs(%d) || (", f.add(cond, Never), f.add(cond, Always)), ")))")
}

// cases of a switch without a tag are conditions.
func (f *file) cases(of *ast.SwitchStmt) {
	if of.Tag != nil {
		return
	}
	for _, statement := range of.Body.List {
		for _, cond := range statement.(*ast.CaseClause).List {
			f.condition(cond)
		}
	}
}

// operands of && and || are taken out one by one; the borders of < and > are moved by one.
func (f *file) operands(of *ast.BinaryExpr) {
	switch of.Op {
	case token.LAND:
		for _, side := range []ast.Expr{of.X, of.Y} {
			f.wrap(side, fmt.Sprintf("(mutantIs(%d) || (", f.add(side, Always)), "))")
		}
	case token.LOR:
		for _, side := range []ast.Expr{of.X, of.Y} {
			f.wrap(side, fmt.Sprintf("(!mutantIs(%d) && (", f.add(side, Never)), "))")
		}
	case token.LSS, token.GTR, token.LEQ, token.GEQ:
		if calls(of) {
			return // which would be called twice
		}
		equal := fmt.Sprintf("(mutantIs(%d) && (%s) == (%s)) != (", f.add(of, OffByOne), f.text(of.X), f.text(of.Y))
		f.wrap(of, "("+equal, "))")
	}
}

// returned errors are swallowed, and returned truths become their opposite.
func (f *file) returned(of *ast.ReturnStmt) {
	kinds := resultTypes(f.results)
	if len(kinds) != len(of.Results) {
		return
	}
	for i, result := range of.Results {
		switch {
		case kinds[i] == "bool":
			f.wrap(result, fmt.Sprintf("(mutantIs(%d) != (", f.add(result, Opposite)), "))")
		case kinds[i] == "error" && !isNamed(result, "nil"):
			f.wrap(result, fmt.Sprintf("mutantError(%d, ", f.add(result, Swallow)), ")")
		}
	}
}

// context that outlives its caller's is cut with it.
func (f *file) context(call *ast.CallExpr) {
	name, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !isNamed(name.X, "context") || name.Sel.Name != "WithoutCancel" || calls(call.Args[0]) {
		return
	}
	f.wrap(call, fmt.Sprintf("mutantOr(%d, %s, ", f.add(call, Cut), f.text(call.Args[0])), ")")
}

func (f *file) add(node ast.Node, change Change) int {
	from, to := f.set.Position(node.Pos()), f.set.Position(node.End())
	m := Mutant{
		Number: f.next(), File: f.name, Line: from.Line, Func: f.current, Change: change,
		Text: oneLine(f.source, from, to),
	}
	f.found = append(f.found, m)
	return m.Number
}

func (f *file) wrap(node ast.Node, before, after string) {
	f.opens = append(f.opens, insertion{f.set.Position(node.Pos()).Offset, len(f.opens), before})
	f.closes = append(f.closes, insertion{f.set.Position(node.End()).Offset, -len(f.closes), after})
}

func (f *file) text(node ast.Node) string {
	return string(f.source[f.set.Position(node.Pos()).Offset:f.set.Position(node.End()).Offset])
}

// rewritten is the source with all insertions: what ends at a place before what starts there, and the inner before the outer.
func (f *file) rewritten() []byte {
	byOrder := func(a, b insertion) int { return a.order - b.order }
	slices.SortStableFunc(f.closes, byOrder)
	slices.SortStableFunc(f.opens, byOrder)
	all := slices.Concat(f.closes, f.opens)
	slices.SortStableFunc(all, func(a, b insertion) int { return a.at - b.at })
	var out bytes.Buffer
	at := 0
	for _, each := range all {
		out.Write(f.source[at:each.at])
		out.WriteString(each.text)
		at = each.at
	}
	out.Write(f.source[at:])
	return out.Bytes()
}

// resultTypes are the types of what a function returns, one for each value.
func resultTypes(results *ast.FieldList) []string {
	var types []string
	if results == nil {
		return nil
	}
	for _, field := range results.List {
		name := ""
		if ident, ok := field.Type.(*ast.Ident); ok {
			name = ident.Name
		}
		types = append(types, strings.Split(strings.Repeat(name+",", max(1, len(field.Names))), ",")[:max(1, len(field.Names))]...)
	}
	return types
}

// calls reports whether an expression calls anything but len.
func calls(expr ast.Expr) bool {
	found := false
	ast.Inspect(expr, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CallExpr:
			found = found || !isNamed(node.Fun, "len")
		case *ast.FuncLit:
			found = true
		}
		return !found
	})
	return found
}

func isNamed(expr ast.Expr, name string) bool {
	ident, ok := expr.(*ast.Ident)
	return ok && ident.Name == name
}
