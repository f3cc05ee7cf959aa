using System.Text;
using GeoEvents.Delivery.Webhooks;

namespace GeoEvents.Tests.Delivery;

public class WebhookSecretTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>The example of the Standard Webhooks specification.</summary>
    [Fact]
    public void A_signature_is_that_of_the_published_vector() =>
        WebhookSecret.Signatures([Secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8)
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void Each_secret_gives_a_signature() =>
        WebhookSecret.Signatures([Secret, WebhookSecret.New()], "a", 1, "b"u8).Split(' ').ShouldSatisfyAllConditions(
            s => s.Length.ShouldBe(2),
            s => s.ShouldAllBe(one => one.StartsWith("v1,")),
            s => s[0].ShouldBe(WebhookSecret.Signatures([Secret], "a", 1, "b"u8)));

    [Fact]
    public void A_new_secret_has_32_bytes_and_never_comes_twice()
    {
        var all = Enumerable.Range(0, 100).Select(_ => WebhookSecret.New()).ToList();
        all.ConvertAll(s => Convert.FromBase64String(s[WebhookSecret.Prefix.Length..]).Length).ShouldAllBe(length => length == 32);
        all.ShouldBeUnique();
    }

    [Fact]
    public void What_is_not_ASCII_is_signed_as_UTF_8() =>
        WebhookSecret.Signatures([Secret], "ä", 1, Encoding.UTF8.GetBytes("ß")).ShouldNotBe(WebhookSecret.Signatures([Secret], "ä", 1, "s"u8));
}
