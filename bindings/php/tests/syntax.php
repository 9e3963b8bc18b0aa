<?php
// syntax.php FILE...: reports syntax and functions that PHP 7.4 does not have. Tests that run on PHP 8
// do not find them. It needs nikic/php-parser, which phpunit depends on.

declare(strict_types=1);

use PhpParser\Node;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitorAbstract;
use PhpParser\ParserFactory;

require 'PhpParser/autoload.php';

final class Later extends NodeVisitorAbstract
{
    private const FUNCTIONS = [
        'str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'get_resource_id', 'fdiv',
        'preg_last_error_msg', 'array_is_list', 'fsync', 'memory_reset_peak_usage', 'ini_parse_quantity',
        'json_validate', 'mb_str_pad', 'array_find', 'array_any', 'array_all',
    ];
    private const TYPES = ['mixed', 'static', 'never', 'false', 'null', 'true'];

    /** @var string[] */
    public $found = [];

    public function enterNode(Node $node)
    {
        $what = $this->later($node);
        if ($what !== null) {
            $this->found[] = $node->getLine() . ": $what";
        }
    }

    private function later(Node $node): ?string
    {
        if ($node instanceof Node\Arg && $node->name !== null) {
            return 'a named argument';
        }
        if ($node instanceof Node\Expr\Match_ || $node instanceof Node\Stmt\Enum_ || $node instanceof Node\Expr\Throw_) {
            return $node->getType();
        }
        if ($node instanceof Node\Expr\NullsafePropertyFetch || $node instanceof Node\Expr\NullsafeMethodCall) {
            return 'a nullsafe operator';
        }
        if ($node instanceof Node\UnionType || $node instanceof Node\IntersectionType) {
            return 'a union type';
        }
        if ($node instanceof Node\Param && $node->flags !== 0) {
            return 'constructor promotion';
        }
        if ($node instanceof Node\Stmt\Catch_ && $node->var === null) {
            return 'a catch without a variable';
        }
        if ($node instanceof Node\Expr\ClassConstFetch && $node->class instanceof Node\Expr) {
            return 'class of an object';
        }
        if ($node instanceof Node\Attribute && !in_array($node->name->toString(), ['SensitiveParameter', 'ReturnTypeWillChange'], true)) {
            return 'an attribute';
        }
        if ($node instanceof Node\VariadicPlaceholder) {
            return 'a first-class callable';
        }
        if ($node instanceof Node\Expr\FuncCall && $node->name instanceof Node\Name && in_array($node->name->toLowerString(), self::FUNCTIONS, true)) {
            return $node->name->toString() . '()';
        }
        if (isset($node->type) && $node->type instanceof Node\Identifier && in_array($node->type->toLowerString(), self::TYPES, true)) {
            return 'the type ' . $node->type;
        }
        if ($node instanceof Node\FunctionLike && $node->getReturnType() !== null) {
            $type = $node->getReturnType();
            $name = $type instanceof Node\Identifier || $type instanceof Node\Name ? $type->toLowerString() : '';
            return in_array($name, self::TYPES, true) ? "the return type $name" : null;
        }
        if (($node instanceof Node\Stmt\Property || $node instanceof Node\Stmt\Class_) && $node->flags & Node\Stmt\Class_::MODIFIER_READONLY) {
            return 'readonly';
        }
        return null;
    }
}

$bad = 0;
$parser = (new ParserFactory())->create(ParserFactory::ONLY_PHP7);
foreach (array_slice($argv, 1) as $file) {
    $source = (string) file_get_contents($file);
    $later = new Later();
    $traverser = new NodeTraverser();
    $traverser->addVisitor($later);
    $traverser->traverse($parser->parse($source));
    // The parser has no node for it.
    if (preg_match('/function[^(;]*\([^()]*,\s*\)/', $source) === 1) {
        $later->found[] = 'a comma after the last parameter';
    }
    foreach ($later->found as $line) {
        echo "$file:$line is not in PHP 7.4\n";
        $bad = 1;
    }
}
exit($bad);
