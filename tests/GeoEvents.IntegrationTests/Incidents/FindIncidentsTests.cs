using System.Text.RegularExpressions;

namespace GeoEvents.IntegrationTests.Incidents;

public partial class FindIncidentsTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Theory]
    [InlineData("", "coded sea protest")]
    [InlineData("?dyad=RUS-AZE", "protest")]
    [InlineData("?actor=TUR", "sea")]
    [InlineData("?actor=GEO", "coded")]
    [InlineData("?type=diplomatic-protest", "protest")]
    [InlineData("?type=criticism", "coded")]
    [InlineData("?issue=media", "protest")]
    [InlineData("?source=wire", "protest")]
    [InlineData("?country=GRC", "sea")]
    [InlineData("?bbox=20,30,30,40", "sea")]
    [InlineData("?bbox=170,-90,-170,90", "")]
    [InlineData("?from=2025-03-02", "coded sea")]
    [InlineData("?to=2025-03-02", "protest")]
    [InlineData("?text=ENVOY summoned", "protest")]
    [InlineData("?text=envoy&type=show-of-force", "")]
    [InlineData("?text=egee", "sea")]
    [InlineData("?validAsOf=2025-03-05", "sea protest")]
    public async Task What_is_given_has_to_hold(string query, string expected)
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("protest", issues: ["media"], reports: [new { source = "wire" }]));
        await workspace.Log(Example.Incident(
            "sea", "2025-03-05", "Incident en mer Égée", "show-of-force", "TUR", "GRC", place: new { country = "GRC", latitude = 37.5, longitude = 25.1 }));
        await workspace.Log(new
        {
            id = "coded",
            occurred = "2025-03-07",
            title = "By code",
            cameo = "111",
            links = new[] { new { actor = "ARM", recipient = "USA" } },
            others = new[] { new { actor = "GEO", role = "host" } },
        });

        string.Join(' ', (await workspace.Get($"incidents{query}")).ShouldBe(200).Ids).ShouldBe(expected);
    }

    /// <summary>The cursor pins the log position of the first page.</summary>
    [Fact]
    public async Task Pages_follow_one_another_and_do_not_move_while_others_write()
    {
        for (var day = 1; day <= 7; day++)
        {
            await workspace.Log(Example.Incident($"i{day}", $"2025-03-0{day}", $"Incident {day}"));
        }

        var seen = new List<string>();
        var next = workspace.At("incidents?limit=3&dyad=AZE-RUS");
        for (var page = 0; next is not null; page++)
        {
            var reply = (await workspace.Get(next)).ShouldBe(200);
            seen.AddRange(reply.Ids);
            next = NextLink().Match(reply.Link ?? "") is { Success: true } link ? link.Groups[1].Value : null;
            (next is null).ShouldBe(!reply.Json.TryGetProperty("next", out _));
            await workspace.Log(Example.Incident($"new{page}", $"2025-03-0{page + 2}", $"Meanwhile {page}"));
            await workspace.Post($"incidents/i{page + 1}/retraction", Example.Reason(), ifMatch: "*");
        }

        seen.ShouldBe(["i7", "i6", "i5", "i4", "i3", "i2", "i1"]);
    }

    [Fact]
    public async Task A_search_without_a_date_is_of_all_dates_and_the_same_until_something_is_recorded()
    {
        await workspace.Log(Example.Incident("a"));
        foreach (var path in new[] { "incidents", "facets" })
        {
            var first = (await workspace.Get(path)).ShouldBe(200);
            first["shown"].GetString()!.ShouldStartWith("All dates, as known on ");
            (await workspace.Get(path)).Text.ShouldBe(first.Text);
            (await workspace.Get($"{path}?mode=live"))["shown"].GetString()!.ShouldStartWith("As of ");
        }
    }

    [Theory]
    [InlineData("incidents?limit=1&dyad=AZE-RUS", "incidents?limit=5&dyad=AZE-RUS", true)]
    [InlineData("incidents?limit=1&dyad=AZE-RUS", "incidents?dyad=AZE-RUS&knownAsOf=3&validAsOf=2025-07-01&method=2026.1", false)]
    [InlineData("incidents?limit=1&knownAsOf=3&validAsOf=2025-07-01", "incidents?validAsOf=2025-07-01&limit=1&knownAsOf=3&method=2026.1", true)]
    [InlineData("incidents?limit=1&knownAsOf=3", "incidents?limit=1&knownAsOf=2", false)]
    [InlineData("incidents?limit=1&validAsOf=2025-07-01&mode=hindsight", "incidents?limit=1&validAsOf=2025-07-02&mode=hindsight", false)]
    [InlineData("incidents?limit=1&text=incident", "incidents?limit=1", false)]
    [InlineData("relationships/AZE-RUS/timeline?limit=1", "relationships/ARM-RUS/timeline?limit=1", false)]
    [InlineData("relationships/AZE-RUS/timeline?limit=1", "relationships/AZE-RUS/contributions?limit=1", false)]
    [InlineData("relationships?limit=1&sort=rise", "relationships?limit=1&sort=last", false)]
    [InlineData("relationships/AZE-RUS/diff?limit=1&fromKnownAsOf=1", "relationships/AZE-RUS/diff?limit=1&fromKnownAsOf=0", false)]
    [InlineData("relationships/AZE-RUS/diff?limit=1&fromKnownAsOf=1", "relationships/AZE-RUS/diff?limit=2&fromKnownAsOf=1", true)]
    public async Task A_cursor_goes_on_with_the_question_that_it_was_given_out_for_and_no_other(string first, string second, bool taken)
    {
        for (var day = 1; day <= 4; day++)
        {
            await workspace.Log(Example.Incident($"i{day}", $"2025-03-0{day}", $"Incident {day}", recipient: day == 4 ? "ARM" : "RUS"));
        }

        var next = (await workspace.Get(first)).ShouldBe(200)["next"].GetString();
        var reply = await workspace.Get($"{second}&after={next}");
        if (taken)
        {
            reply.ShouldBe(200);
        }
        else
        {
            reply.ShouldBeProblem(400, "invalid-request", "after malformed");
            (await host.NewWorkspace().Get($"{first}&after={next}")).ShouldBeProblem(400, "invalid-request", "after malformed");
        }
    }

    [Theory]
    [InlineData("limit=0", "limit out-of-range")]
    [InlineData("limit=501", "limit out-of-range")]
    [InlineData("limit=ten", "limit out-of-range")]
    [InlineData("after=garbage", "after malformed")]
    [InlineData("after=OTk5OTk5OTk5OXwxfDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA", "after malformed")]
    [InlineData("dyad=AZE", "dyad malformed")]
    [InlineData("dyad=AZE-AZE", "dyad malformed")]
    [InlineData("actor=aze", "actor malformed")]
    [InlineData("country=1", "country malformed")]
    [InlineData("type=nothing", "type malformed")]
    [InlineData("bbox=1,2,3", "bbox malformed")]
    [InlineData("bbox=1,2,3,nan", "bbox malformed")]
    [InlineData("from=soon", "from malformed")]
    [InlineData("to=2025-13-01", "to malformed")]
    [InlineData("validAsOf=2025-01-01T00:00:00", "validAsOf malformed")]
    [InlineData("knownAsOf=-1", "knownAsOf malformed")]
    [InlineData("knownAsOf=1", "knownAsOf unknown-position")]
    [InlineData("retracted=perhaps", "retracted malformed")]
    [InlineData("colour=red", "colour unknown-parameter")]
    [InlineData("limit=1&limit=2", "limit repeated")]
    [InlineData("issue=%00", "issue control-character")]
    public async Task A_question_that_cannot_be_read_is_refused(string query, string fault) =>
        (await workspace.Get($"incidents?{query}")).ShouldBeProblem(400, "invalid-request", fault);

    [GeneratedRegex("^<([^>]+)>; rel=\"next\"$")]
    private static partial Regex NextLink();
}
