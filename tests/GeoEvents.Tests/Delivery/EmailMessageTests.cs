using System.Text;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Delivery;
using GeoEvents.Delivery.Email;
using MimeKit;

namespace GeoEvents.Tests.Delivery;

public class EmailMessageTests
{
    private static readonly DateTimeOffset Now = new(2025, 7, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("alert_fired", "[GeoEvents] Critical: AZE-RUS, “Krise” um Ö")]
    [InlineData("alert_severity_raised", "[GeoEvents] Now critical: AZE-RUS, “Krise” um Ö")]
    [InlineData("alert_recalled", "[GeoEvents] Recalled: AZE-RUS, “Krise” um Ö")]
    public void A_subject_says_first_what_happened_however_long_the_title_is(string type, string begins)
    {
        var message = Message(type, "“Krise” um Ö" + string.Concat(Enumerable.Repeat(" sehr weit im Süden", 20)));
        message.Subject.ShouldStartWith(begins);
        message.Subject.ShouldEndWith("…");
        message.Subject.Length.ShouldBe(120);
    }

    /// <summary>RFC 2047, section 2.</summary>
    [Fact]
    public void No_encoded_word_of_a_subject_is_longer_than_75_characters()
    {
        using var stream = new MemoryStream();
        Message("alert_recalled", string.Concat(Enumerable.Repeat("Кризис ", 50))).WriteTo(stream, TestContext.Current.CancellationToken);
        var words = Encoding.ASCII.GetString(stream.ToArray()).Split(['\r', '\n', ' ']).Where(w => w.StartsWith("=?", StringComparison.Ordinal)).ToList();
        words.ShouldNotBeEmpty();
        words.ShouldAllBe(w => w.Length <= 75);
    }

    private static MimeMessage Message(string type, string title)
    {
        var content = new DeliveryContent(
            "main", 7, type, "alert/crisis.AZE-RUS.1", Now, "A headline.", "crisis.AZE-RUS.1", new RuleReference("crisis", title, 1), [Dyad.Parse("AZE-RUS")],
            Severity.Critical, null, null, Now, null, null, null, null, null, null, new ContentLinks(null, null, "/feed"));
        var subscription = new Subscription(
            "desk", 1, new SubscriptionContent(Email: new EmailChannel(["desk@example.org"])), SubscriptionState.Active, null, null, Now, 0, "ana", Now, null);
        return EmailMessage.Of("main", subscription, "msg_1", [content], new MailboxAddress("GeoEvents", "alerts@example.org"), Now);
    }
}
