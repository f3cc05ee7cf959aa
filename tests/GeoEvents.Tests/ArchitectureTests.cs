using System.Text.RegularExpressions;

namespace GeoEvents.Tests;

public partial class ArchitectureTests
{
    /// <summary>Which folders of the service a folder may not use: the words of the domain know no feature, and what is recorded knows no view.</summary>
    [Theory]
    [InlineData("Coding", "Actors Incidents Sources Context Assessments Coverage Recording Ledger Relationships Imports Watching")]
    [InlineData("Incidents", "Relationships Imports Watching")]
    [InlineData("Actors", "Relationships Imports Watching")]
    [InlineData("Sources", "Relationships Imports Watching")]
    [InlineData("Context", "Relationships Imports Watching")]
    [InlineData("Assessments", "Context Coverage Relationships Imports Watching")]
    [InlineData("Coverage", "Context Assessments Relationships Imports Watching")]
    [InlineData("Recording", "Relationships Imports Watching")]
    [InlineData("Ledger", "Relationships Imports Watching")]
    [InlineData("Relationships", "Imports Watching")]
    [InlineData("Imports", "Watching")]
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
