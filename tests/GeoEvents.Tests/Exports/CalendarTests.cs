using System.Text;
using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Exports;
using GeoEvents.Tests.Properties;
using Ical.Net;

namespace GeoEvents.Tests.Exports;

/// <summary>Calendars, read back by Ical.Net.</summary>
public class CalendarTests
{
    private static readonly Deadline Expiry = new(
        "assessment", "AZE-RUS/1", "Assessment of AZE-RUS expires: crisis; watch, \\ wait", Sample.At.AddDays(3).AddHours(1), WholeDay: false, Sample.At,
        Dyad.Parse("AZE-RUS"), "First line\r\nsecond, with; signs", "relationships/AZE-RUS/assessments");

    private static readonly Deadline Step = new("step", "way-back/2", "Шаг 2: урегулировать дело редакции — до конца августа, 日本語で七十五オクテットを超える行", Sample.At.AddDays(1), WholeDay: true, Sample.At.AddHours(-1));

    [Fact]
    public void Deadlines_are_events_in_their_order()
    {
        var calendar = Read(Written(Sample.Scope(), Expiry, Step));

        var (first, second) = (calendar.Events.ElementAt(0), calendar.Events.ElementAt(1));
        (first.Uid, first.Summary, first.Start!.Value, first.IsAllDay).ShouldBe(("step/way-back/2@main.geoevents.local", Step.Title, new DateTime(2025, 7, 3), true));
        (second.Summary, second.Start!.AsUtc, second.IsAllDay).ShouldBe((Expiry.Title, Expiry.Due.UtcDateTime, false));
        second.Description.ShouldBe("First line\nsecond, with; signs");
        second.Url!.ToString().ShouldBe($"{Sample.Address}/relationships/AZE-RUS/assessments");
        second.Categories.ShouldBe(["assessment", "AZE-RUS"]);
        second.DtStamp!.AsUtc.ShouldBe(Sample.At.UtcDateTime, "it is when it was recorded, so that the same calendar has the same bytes");
    }

    [Fact]
    public void The_same_deadlines_give_the_same_bytes_in_whatever_order_they_come() =>
        Written(Sample.Scope(), Expiry, Step).ShouldBe(Written(Sample.Scope(), Step, Expiry));

    [Fact]
    public void Under_an_overlay_each_event_says_so_and_is_another_event()
    {
        var calendar = Read(Written(Sample.Scope("no-raid"), Expiry, Step));

        calendar.Events.ShouldAllBe(e => e.Summary!.StartsWith("[counterfactual: no-raid] ") && e.Uid!.StartsWith("no-raid/") && e.Categories.Contains("counterfactual: no-raid"));
    }

    [Fact]
    public void Without_deadlines_it_still_has_a_component() => Read(Written(Sample.Scope())).TimeZones.Count.ShouldBe(1);

    /// <summary>RFC 5545, 3.1: at most 75 octets in a line, and no character is split between two.</summary>
    [Fact]
    public void Lines_are_folded_and_come_back_whole() =>
        Gen.OneOf(Gen.String[Gen.Char["abc,;\\\n日é🛰 "], 1, 200], Gen.String[Gen.Char.AlphaNumeric, 60, 160]).Sample(
            title =>
            {
                var wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(title));
                var bytes = Written(Sample.Scope(), Step with { Title = wellFormed });

                foreach (var line in Encoding.UTF8.GetString(bytes).Split("\r\n"))
                {
                    Encoding.UTF8.GetByteCount(line).ShouldBeLessThanOrEqualTo(75);
                    line.ShouldNotContain("\n");
                }

                new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).Replace("\r\n ", "")
                    .ShouldContain($"SUMMARY:{wellFormed.Replace("\\", "\\\\").Replace(",", "\\,").Replace(";", "\\;").Replace("\n", "\\n")}\r\n");
                Read(bytes).Events.Single().Summary!.Trim().ShouldBe(wellFormed.Trim());
            },
            iter: History.Many(300));

    private static byte[] Written(ExportScope scope, params Deadline[] deadlines) => CalendarExport.Write(scope, deadlines, Sample.Address);

    private static Calendar Read(byte[] calendar) => Calendar.Load(Encoding.UTF8.GetString(calendar))!;
}
