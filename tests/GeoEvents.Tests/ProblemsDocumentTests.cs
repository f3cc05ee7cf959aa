using System.Text.RegularExpressions;

namespace GeoEvents.Tests;

/// <summary>Clients branch on codes, so <c>docs/problems.md</c> has every one that the service can answer with, and no other.</summary>
public partial class ProblemsDocumentTests
{
    private static readonly string Top = TopOfTheRepository();

    private static readonly IReadOnlySet<string> Answered = CodesIn(
        Directory.EnumerateFiles(Path.Combine(Top, "src", "GeoEvents"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));

    private static readonly IReadOnlySet<string> Documented = File.ReadLines(Path.Combine(Top, "docs", "problems.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => Quoted().Matches(line.Split('|')[1]))
        .Select(m => m.Groups[1].Value)
        .ToHashSet();

    [Fact]
    public void Every_code_in_the_source_is_documented() => Answered.Except(Documented).ShouldBeEmpty();

    [Fact]
    public void Every_documented_code_is_in_the_source() => Documented.Except(Answered).ShouldBeEmpty();

    [Theory]
    [InlineData("""throw new RefusedException(\n    "some-refusal", $"No.");""", "some-refusal")]
    [InlineData("""RefusedException.NotFound("thing", id)""", "thing-not-found")]
    [InlineData("""FieldProblem.At($"{at}/id", text.Length == 0 ? "missing" : "odd-shape", "No.")""", "missing odd-shape")]
    [InlineData("""FieldProblem.In(name, "given-twice", "No.")""", "given-twice")]
    [InlineData("""Fault($"links/{i}", "same-thing", "No.");""", "same-thing")]
    [InlineData("""return ("too-odd", "No.");""", "too-odd")]
    [InlineData("""Problem(503,\n    "away", "Not now.")""", "away")]
    [InlineData("""new SkippedRow(line.Number, first ? "no-one" : "no-two")""", "no-one no-two")]
    public void A_code_is_found_wherever_the_source_writes_it(string source, string codes) =>
        CodesIn([source.Replace("\\n", "\n", StringComparison.Ordinal)]).ShouldBe(codes.Split(' '), ignoreOrder: true);

    private static HashSet<string> CodesIn(IEnumerable<string> sources) =>
        sources.SelectMany(source => Places().Matches(source)
                .SelectMany(place => Literals().Matches(place.Groups["codes"].Value))
                .Select(literal => literal.Groups[1].Value)
                .Concat(NotFound().Matches(source).Select(m => $"{m.Groups[1].Value}-not-found")))
            .ToHashSet();

    private static string TopOfTheRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GeoEvents.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
        }

        return folder.FullName;
    }

    /// <summary>
    /// The places where a code stands: after the place of a field's fault; before a sentence in a refusal, a tuple or an answer;
    /// as the reason for which a row is skipped. Not where a document is written.
    /// </summary>
    [GeneratedRegex(
        """
        (?: FieldProblem\.(?:At|In)\([^,]*, | \b[Ff]ault\([^,]*, | new\ SkippedRow\([^,]*, ) (?<codes>[^,;]*)
        | (?<!\b(?:Malformed|Element|Link|Named|Write\w*String))\(\s* (?<codes>"[a-z]+(?:-[a-z0-9]+)*"),\s* \$?"[A-Z{]
        | \bProblem\(\s*\d{3},\s* (?<codes>"[a-z-]+")
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Places();

    [GeneratedRegex(@"""([a-z]+(?:-[a-z0-9]+)*)""")]
    private static partial Regex Literals();

    [GeneratedRegex(@"\bNotFound\(\s*""([a-z]+)""")]
    private static partial Regex NotFound();

    [GeneratedRegex("`([a-z0-9-]+)`")]
    private static partial Regex Quoted();
}
