using System.Text;
using CsCheck;
using GeoEvents.Watching;

namespace GeoEvents.Tests.Watching;

public class FeedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly GeoEvents.Watching.Feed Fresh = new()
    {
        Name = "gdelt",
        Address = "http://example.org/",
        Format = "gdelt2",
        Ending = ".zip",
        IntervalSeconds = 300,
        User = "ada",
        CreatedAt = Noon,
        NextAttempt = Noon,
    };

    [Fact]
    public void A_pause_doubles_from_10_seconds_to_an_hour_and_is_cut_by_half_at_most() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Double[0, 1]).Sample((failures, chance) =>
        {
            var whole = Math.Min(3600, 10 * Math.Pow(2, Math.Min(failures, 30) - 1));
            Backoff.After(failures, chance).TotalSeconds.ShouldBeInRange(whole / 2, whole);
            Backoff.After(failures, 0).TotalSeconds.ShouldBe(whole / 2, 1e-6);
            Backoff.After(failures + 1, chance).ShouldBeGreaterThanOrEqualTo(Backoff.After(failures, chance));
        });

    [Theory]
    [InlineData("150383 297a16b493de7cf6ca809a7cc31d0b93 http://data.gdeltproject.org/gdeltv2/20150218230000.export.CSV.zip", "20150218230000.export.CSV.zip")]
    [InlineData("1\t297A16B493DE7CF6CA809A7CC31D0B93  20150218.export.CSV.zip", "20150218.export.CSV.zip")]
    [InlineData("0 297a16b493de7cf6ca809a7cc31d0b93 a.zip", "a.zip")]
    [InlineData("1 297a16b493de7cf6ca809a7cc31d0b93 http://example.org/../../b.zip", "b.zip")]
    public void A_line_of_a_list_is_size_MD5_and_an_address_of_which_the_name_counts(string line, string name)
    {
        var file = FeedFile.Parse(Encoding.UTF8.GetBytes(line)).ShouldNotBeNull();

        (file.Name, file.Md5).ShouldBe((name, "297a16b493de7cf6ca809a7cc31d0b93"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("150383")]
    [InlineData("150383 297a16b493de7cf6ca809a7cc31d0b9 a.zip")]
    [InlineData("150383 297a16b493de7cf6ca809a7cc31d0bxx a.zip")]
    [InlineData("-1 297a16b493de7cf6ca809a7cc31d0b93 a.zip")]
    [InlineData("4294967297 297a16b493de7cf6ca809a7cc31d0b93 a.zip")]
    [InlineData("99999999999999999999 297a16b493de7cf6ca809a7cc31d0b93 a.zip")]
    [InlineData("1 297a16b493de7cf6ca809a7cc31d0b93 http://example.org/")]
    [InlineData("1 297a16b493de7cf6ca809a7cc31d0b93 ..")]
    [InlineData("1 297a16b493de7cf6ca809a7cc31d0b93 .hidden")]
    [InlineData(@"1 297a16b493de7cf6ca809a7cc31d0b93 a\..\b.zip")]
    [InlineData("1 297a16b493de7cf6ca809a7cc31d0b93 a%2Fb.zip")]
    [InlineData("1 297a16b493de7cf6ca809a7cc31d0b93 a.zip?x=y")]
    [InlineData("1 297a16b493de7cf6ca809a7cc31d0b93 a.zip b.zip")]
    public void Anything_else_is_no_line(string line) => FeedFile.Parse(Encoding.UTF8.GetBytes(line)).ShouldBeNull();

    [Fact]
    public void Whatever_bytes_come_a_name_stays_within_its_place() =>
        Gen.Select(Gen.Char.Array[0, 40], Gen.Int[0, 4]).Sample((text, which) =>
        {
            var prefix = new[] { "", "/", "../", "http://example.org/", "a\u0000" }[which];
            var file = FeedFile.Parse(Encoding.UTF8.GetBytes($"1 297a16b493de7cf6ca809a7cc31d0b93 {prefix}{new string(text)}"));
            if (file is not null)
            {
                new Uri(new Uri("http://example.org/feed/"), file.Name).AbsoluteUri.ShouldBe($"http://example.org/feed/{file.Name}");
                Path.GetFullPath(Path.Combine("/feed", file.Name)).ShouldBe($"/feed/{file.Name}");
            }
        });

    [Theory]
    [InlineData("20180101001500.export.CSV.zip", "2018-01-01T00:15:00Z")]
    [InlineData("20180101.export.CSV.zip", "2018-01-01T00:00:00Z")]
    [InlineData("20181301001500.export.CSV.zip", null)]
    [InlineData("export.CSV.zip", null)]
    [InlineData("201801010015001.zip", null)]
    public void When_a_file_was_published_stands_at_the_beginning_of_its_name(string name, string? time) =>
        FeedFile.TimeOf(name).ShouldBe(time is null ? null : DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Names_before_a_file_go_back_by_the_quarter_of_an_hour()
    {
        var file = new FeedFile("20180101000000.export.CSV.zip", 1, null, FeedFile.TimeOf("20180101000000.export.CSV.zip"));

        file.Before().Take(3).Select(f => f.Name).ShouldBe(["20171231234500.export.CSV.zip", "20171231233000.export.CSV.zip", "20171231231500.export.CSV.zip"]);
        new FeedFile("20180101.export.CSV.zip", 1, null, Noon).Before().ShouldBeEmpty("of a daily feed the quarter of an hour says nothing");
    }

    [Fact]
    public void Lag_is_the_age_of_the_oldest_file_that_waits_and_without_sight_of_the_list_at_least_since_when()
    {
        Lag(Fresh, null).ShouldBe(TimeSpan.Zero);
        Lag(Fresh, Noon - TimeSpan.FromMinutes(40)).ShouldBe(TimeSpan.FromMinutes(50));
        Lag(Fresh with { SeenAt = Noon - TimeSpan.FromMinutes(5) }, null).ShouldBe(TimeSpan.Zero, "all is well");
        Lag(Fresh with { SeenAt = Noon - TimeSpan.FromMinutes(5), Failures = 1 }, null).ShouldBe(TimeSpan.FromMinutes(15));
        Lag(Fresh with { Failures = 1 }, null).ShouldBe(TimeSpan.FromMinutes(10), "it was never seen");
        Lag(Fresh with { Failures = 1 }, Noon - TimeSpan.FromMinutes(40)).ShouldBe(TimeSpan.FromMinutes(50));
        Lag(Fresh, Noon + TimeSpan.FromMinutes(20)).ShouldBe(TimeSpan.Zero, "a clock that goes otherwise");

        static TimeSpan Lag(GeoEvents.Watching.Feed feed, DateTimeOffset? since) =>
            FeedView.Lag(feed, new FeedFiles(since is null ? 0 : 1, since, 0, null), Noon + TimeSpan.FromMinutes(10));
    }
}
