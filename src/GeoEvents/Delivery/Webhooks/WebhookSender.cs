using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using GeoEvents.Hosting;

namespace GeoEvents.Delivery.Webhooks;

/// <summary>Posts one body once.</summary>
public sealed class WebhookSender(WebhookAddresses addresses, TimeProvider clock) : IDisposable
{
    /// <summary>For everything: name, connection, request, answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>For the body of an answer whose status has come: it decides nothing.</summary>
    public static readonly TimeSpan PatienceWithBody = TimeSpan.FromSeconds(2);

    private const int MostOfAnswer = 4_000;

    private readonly HttpClient http = new(addresses.Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <param name="secrets">That sign, the newest first.</param>
    public async Task<AttemptResult> Post(string url, string id, byte[] body, IReadOnlyList<string> secrets, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var timestamp = now.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json", "utf-8");
        request.Headers.UserAgent.ParseAdd("GeoEvents");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Signatures(secrets, id, timestamp, body));

        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var answer = await BeginningOf(response.Content, either.Token);
            return ResultOf((int)response.StatusCode, answer, RetryAfter(response.Headers, clock.GetUtcNow()));
        }
        catch (Exception e) when (OutgoingAddresses.IsRefusal(e))
        {
            return new AttemptResult(false, Error: request.RequestUri!.Scheme == Uri.UriSchemeHttps || addresses.AllowHttp
                ? "The address is one of a private network, which is not posted to."
                : "The address is not https, which is not posted to.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new AttemptResult(false, Error: $"No answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever comes of what others are and send is their failure, and an attempt.
            return new AttemptResult(false, Error: WebhookFailure.Of(e));
        }
    }

    public void Dispose() => http.Dispose();

    private static AttemptResult ResultOf(int status, string answer, TimeSpan? retryAfter) => status switch
    {
        >= 200 and < 300 => new AttemptResult(true, status, null, answer),
        410 => new AttemptResult(false, status, "The receiver says that it is gone.", answer, Gone: true),
        >= 300 and < 400 => new AttemptResult(false, status, "It redirects, which is not followed.", answer, RetryAfter: retryAfter),
        _ => new AttemptResult(false, status, $"It answers with status {status}.", answer, RetryAfter: retryAfter),
    };

    /// <summary>A number of seconds that is too large for a header's type is one all the same.</summary>
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > now => date - now,
        null when headers.NonValidated.TryGetValues("Retry-After", out var given) && given.ToString().Trim() is { Length: > 0 } text && text.All(char.IsAsciiDigit) =>
            RetrySchedule.LongestRetryAfter,
        _ => null,
    };

    /// <summary>The first of the body, as much as comes in time; no more is read, so a receiver cannot keep us.</summary>
    private async Task<string> BeginningOf(HttpContent content, CancellationToken cancel)
    {
        var buffer = new byte[MostOfAnswer];
        var length = 0;
        using var late = new CancellationTokenSource(PatienceWithBody, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(either.Token);
            while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), either.Token) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            Debug.Assert(length <= buffer.Length, "What came until then is enough.");
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
