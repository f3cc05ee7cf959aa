using System.Text.RegularExpressions;

namespace GeoEvents.Tests;

public partial class ArchitectureTests
{
    /// <summary>Which folders of the service a folder may not use: the words of the domain know no feature, and what is recorded knows no view.</summary>
    [Theory]
    [InlineData("Coding", "Actors Alerts Incidents Sources Scoring Context Assessments Coverage Recording Ledger Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Incidents", "Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Actors", "Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Sources", "Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Scoring", "Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Context", "Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Assessments", "Context Coverage Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Coverage", "Context Assessments Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Recording", "Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Ledger", "Relationships Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Relationships", "Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Imports", "Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Exports", "Imports Watching Archives Permalinks Feed Delivery")]
    [InlineData("Alerts", "Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Alerts/Rules", "Ledger Relationships Context Assessments Coverage Imports Watching Exports Archives Permalinks Feed Delivery")]
    [InlineData("Archives", "Relationships Imports Watching Exports Permalinks Feed Delivery")]
    [InlineData("Feed", "Relationships Imports Watching Exports Archives Permalinks Delivery")]
    [InlineData("Delivery", "Relationships Imports Watching Exports Archives Permalinks")]
    public void A_folder_does_not_look_up_to_those_that_use_it(string folder, string forbidden)
    {
        var files = Directory.GetFiles(Path.Combine(Source(), folder), "*.cs").Where(f => !f.EndsWith("Endpoints.cs", StringComparison.Ordinal)).ToList();
        files.ShouldNotBeEmpty();

        var used = from file in files
                   from Match use in Use().Matches(File.ReadAllText(file))
                   where forbidden.Split(' ').Contains(use.Groups[1].Value)
                   select $"{Path.GetFileName(file)} uses {use.Groups[1].Value}";
        used.ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_composition_and_the_document_know_of_deliveries() =>
        Directory.EnumerateFiles(Source(), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(f => !Path.GetRelativePath(Source(), f).StartsWith($"Delivery{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(f => Use().Matches(File.ReadAllText(f)).Any(u => u.Groups[1].Value == "Delivery"))
            .Select(Path.GetFileName)
            .ShouldBeSubsetOf(["Composition.cs", "OpenApiDocument.cs"]);

    private static string Source()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "GeoEvents.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "src", "GeoEvents");
    }

    [GeneratedRegex(@"^using GeoEvents\.([A-Za-z]+)", RegexOptions.Multiline)]
    private static partial Regex Use();
}
