using System.Globalization;
using System.Text.Json;
using GeoEvents.Coding;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Relationships;

/// <summary>The numbers against results that others computed; <c>Cases/README.md</c> says who.</summary>
public class ConformanceTests(GeoEventsHost host)
{
    private static readonly string[] Numbers =
    [
        "hostilityFast", "hostilitySlow", "cooperationFast", "tension", "warmth", "asymmetry", "pressure", "materialShare", "rung",
    ];

    [Theory]
    [InlineData("south-caucasus.expected.json")]
    [InlineData("south-caucasus.more.json")]
    public async Task The_sample_case_is_met(string expected)
    {
        var workspace = host.NewWorkspace();
        var import = await workspace.Import(await SampleCase());
        (import["state"].GetString(), import["rejected"].GetInt64()).ShouldBe(("completed", 0L), import.Text);

        await Meets(workspace, Case(expected));
    }

    /// <summary>Two of its dates are open at the end, so their τ depends on the instant of recording.</summary>
    [Fact]
    public async Task The_second_case_is_met_when_recorded_on_the_day_it_is_meant_for()
    {
        await using var service = await host.StartService(new FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero)));
        var workspace = service.NewWorkspace();
        var import = await workspace.Import(await File.ReadAllBytesAsync(PathOf("case2.json"), TestContext.Current.CancellationToken));
        (import["state"].GetString(), import["rejected"].GetInt64()).ShouldBe(("completed", 0L), import.Text);

        await Meets(workspace, Case("case2.expected.json"));
        await MeetsInDetail(workspace, Case("case2.details.json"));
    }

    private static async Task Meets(Workspace workspace, JsonElement expected)
    {
        var tolerance = expected.GetProperty("tolerance").GetDouble();
        foreach (var state in expected.GetProperty("states").EnumerateArray())
        {
            var (dyad, at) = (state.GetProperty("dyad").GetString(), state.GetProperty("at").GetString());
            var read = (await workspace.Get($"relationships/{dyad}?validAsOf={at}")).ShouldBe(200);
            foreach (var number in Numbers)
            {
                read[number].GetDouble().ShouldBe(state.GetProperty(number).GetDouble(), tolerance, $"{number} of {dyad} at {at}");
            }
        }
    }

    private static async Task MeetsInDetail(Workspace workspace, JsonElement details)
    {
        const double Tolerance = 1e-6;
        foreach (var state in details.GetProperty("states").EnumerateArray())
        {
            var (dyad, at) = (state.GetProperty("dyad").GetString(), state.GetProperty("at").GetString());
            var where = $"{dyad} at {at}";
            var read = (await workspace.Get($"relationships/{dyad}?validAsOf={at}")).ShouldBe(200);
            read["band"].GetString().ShouldBe(state.GetProperty("band").GetString(), where);
            read["baseline"].GetString().ShouldBe(state.GetProperty("baseline").GetString(), where);
            read["incidents"].GetInt32().ShouldBe(state.GetProperty("incidents").GetInt32(), where);
            read["measures"].EnumerateArray().Select(m => m.GetProperty("id").GetString()).Order(StringComparer.Ordinal)
                .ShouldBe(state.GetProperty("openMeasures").EnumerateArray().Select(m => m.GetString()), where);

            var level = state.GetProperty("relativeLevel");
            read["relativeLevel.days"].GetInt32().ShouldBe(level.GetProperty("days").GetInt32(), where);
            if (level.GetProperty("percentile") is { ValueKind: JsonValueKind.Number } percentile)
            {
                read["relativeLevel.percentile"].GetDouble().ShouldBe(percentile.GetDouble(), Tolerance, where);
            }

            (read["relativeLevel"].TryGetProperty("highestSince", out var since) ? since.GetString()![..10] : null)
                .ShouldBe(level.GetProperty("highestSince").GetString(), where);

            var explained = (await workspace.Get($"relationships/{dyad}/contributions?validAsOf={at}&limit=500")).ShouldBe(200);
            var items = explained.Items.ToDictionary(i => i.GetProperty("id").GetString()!);
            items.Count.ShouldBe(state.GetProperty("contributions").GetArrayLength(), where);
            foreach (var contribution in state.GetProperty("contributions").EnumerateArray())
            {
                var id = contribution.GetProperty("id").GetString()!;
                DateTimeOffset.Parse(items[id].GetProperty("tau").GetString()!, CultureInfo.InvariantCulture)
                    .ShouldBe(DateTimeOffset.Parse(contribution.GetProperty("tau").GetString()!, CultureInfo.InvariantCulture), where);
                foreach (var (ours, theirs) in new[] { ("phi", "phiFast"), ("share", "share"), ("tensionWithout", "tensionWithout") })
                {
                    items[id].GetProperty(ours).GetDouble().ShouldBe(contribution.GetProperty(theirs).GetDouble(), Tolerance, $"{ours} of {id}, {where}");
                }
            }
        }
    }

    internal static async Task<byte[]> SampleCase()
    {
        await using var file = EmbeddedData.Open("south-caucasus.json");
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Cases", file);

    internal static JsonElement Case(string file) => JsonDocument.Parse(File.ReadAllText(PathOf(file))).RootElement;
}
