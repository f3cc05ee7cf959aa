using GeoEvents.Alerts.Backtests;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Alerts;

public class LabelsTests
{
    private const string Header = "dyad,from,to,name\n";

    [Theory]
    [InlineData("2025-06-29,2025-06-29", "2025-06-29T00:00 2025-06-30T00:00")]
    [InlineData("2025-06-29T12:00:00Z,2025-06-30T14:00+02:00", "2025-06-29T12:00 2025-06-30T12:00")]
    [InlineData("2025-06-29 12:00,2025-06-29 13:00:30", "2025-06-29T12:00 2025-06-29T13:00")]
    [InlineData("9999-12-31,9999-12-31", "9999-12-31T00:00 9999-12-31T23:59")]
    public void A_day_runs_to_its_end_and_a_date_time_is_itself(string stretch, string read)
    {
        var episode = Labels.Read($"\uFEFF{Header}AZE-RUS,{stretch},Raid\n").Single();
        $"{episode.From:yyyy-MM-dd'T'HH:mm} {episode.To:yyyy-MM-dd'T'HH:mm}".ShouldBe(read);
    }

    [Fact]
    public void What_could_not_be_hit_is_no_miss()
    {
        var labels = Labels.Read($"{Header}AZE-RUS,2025-06-29,2025-06-30,\nAZE-RUS,1999-01-01,1999-02-01,\nAZE-RUS,2030-01-01,2030-02-01,\nARM-RUS,2025-06-29,2025-06-30,\n");
        var rule = Scene.Rule(new ThresholdCondition()) with { Scope = new RuleScope { Dyads = [Dyad.Parse("AZE-RUS")] } };
        var (from, to) = (new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 12, 31, 0, 0, 0, TimeSpan.Zero));
        var score = Labels.Score(new BacktestPlan(rule, 1, null, null, from, to, BacktestClock.Occurred, labels, 168), []);
        (score.Hits, score.Misses, score.Outside, score.Episodes.Count).ShouldBe((0, 1, 3, 1));
    }

    [Theory]
    [InlineData("AZE-RUS,2025-06-29,2025-06-29..,Raid", "Line 2: 'to' is open. An episode has a beginning and an end: give a day (2025-06-29) or a date-time (2025-06-29T12:00:00Z).")]
    [InlineData("AZE-RUS,2025-06-29,,Raid", "Line 2: 'to' is open. An episode has a beginning and an end: give a day (2025-06-29) or a date-time (2025-06-29T12:00:00Z).")]
    [InlineData("AZE-RUS,06/29/2025,2025-06-30,Raid", "Line 2: 'from' is no day (2025-06-29) or date-time (2025-06-29T12:00:00Z).")]
    [InlineData("AZE-RUS,2025-06-30,2025-06-29,Raid", "Line 2: It has to end after it begins.")]
    [InlineData("AZE-RUS,2025-06-29,2025-06-30,Ra\u001bid", "Line 2: The name: The text holds a control character.")]
    [InlineData("AZE-RUS,2025-06-29,2025-06-30,Raid,more", "Line 2: There are more values than columns.")]
    [InlineData("AZE,2025-06-29,2025-06-30,Raid", "Line 2: The dyad is not two codes, such as AZE-RUS.")]
    public void What_is_wrong_is_said_with_its_line(string row, string fault)
    {
        var problem = Should.Throw<InvalidRequestException>(() => Labels.Read($"{Header}{row}\n")).Problems.Single();
        (problem.Pointer, problem.Detail).ShouldBe(("/labels", fault));
    }
}
