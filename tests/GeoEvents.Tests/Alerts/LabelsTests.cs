using GeoEvents.Alerts.Backtests;
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

    [Theory]
    [InlineData("AZE-RUS,2025-06-29,2025-06-29..,Raid", "Line 2: 'to' is open. An episode has a beginning and an end: give a day (2025-06-29) or a date-time (2025-06-29T12:00:00Z).")]
    [InlineData("AZE-RUS,2025-06-29,,Raid", "Line 2: 'to' is open. An episode has a beginning and an end: give a day (2025-06-29) or a date-time (2025-06-29T12:00:00Z).")]
    [InlineData("AZE-RUS,06/29/2025,2025-06-30,Raid", "Line 2: 'from' is no day (2025-06-29) or date-time (2025-06-29T12:00:00Z).")]
    [InlineData("AZE-RUS,2025-06-30,2025-06-29,Raid", "Line 2: It has to end after it begins.")]
    [InlineData("AZE-RUS,2025-06-29,2025-06-30,Ra\u001bid", "Line 2: The name: The text holds a control character.")]
    [InlineData("AZE,2025-06-29,2025-06-30,Raid", "Line 2: The dyad is not two codes, such as AZE-RUS.")]
    public void What_is_wrong_is_said_with_its_line(string row, string fault)
    {
        var problem = Should.Throw<InvalidRequestException>(() => Labels.Read($"{Header}{row}\n")).Problems.Single();
        (problem.Pointer, problem.Detail).ShouldBe(("/labels", fault));
    }
}
