using System.Net.Sockets;
using GeoEvents.Hosting;

namespace GeoEvents.Imports;

/// <summary>A file on the web to be imported.</summary>
/// <param name="Url">http or https.</param>
/// <param name="Mapping">Name of the mapping of a CSV file.</param>
/// <param name="Complete">As for a file that is sent.</param>
public sealed record WebFileDraft(string Url = "", string? Format = null, string? Mapping = null, string? Name = null, bool Complete = false);

/// <summary>Fetches a file from the web: from public addresses, with few redirects, in bounded time.</summary>
public sealed class WebFile(IConfiguration configuration) : IDisposable
{
    private const int MostRedirects = 5;
    private const int LongestUrl = 2_000;

    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private readonly HttpClient http = new(OutgoingAddresses.Handler(configuration.GetValue<bool>(OutgoingAddresses.Override))) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="InvalidRequestException">It is no address on the web.</exception>
    public static Uri Check(WebFileDraft draft) => TextRules.IsWebAddress(draft.Url, LongestUrl)
        ? new Uri(draft.Url)
        : throw new InvalidRequestException(FieldProblem.At("/url", "malformed", "Not an address that begins with http:// or https://."));

    /// <summary>The file, read as it comes. Reading fails when nothing comes for a minute.</summary>
    /// <exception cref="InvalidRequestException">The address is one that the service does not fetch from.</exception>
    /// <exception cref="RefusedException">It cannot be fetched (502).</exception>
    public async Task<Stream> Open(Uri address, CancellationToken cancel)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            var response = await Get(address, cancel);
            if (response.IsSuccessStatusCode)
            {
                return new PatientStream(await response.Content.ReadAsStreamAsync(cancel), address);
            }

            using (response)
            {
                if ((int)response.StatusCode is < 300 or > 399 || response.Headers.Location is not { } location)
                {
                    throw Failed(address, $"answers {(int)response.StatusCode}");
                }

                address = new Uri(address, location);
                if (address.Scheme is not ("http" or "https"))
                {
                    throw Failed(address, "is no address on the web, and another redirects to it");
                }
            }
        }

        throw Failed(address, $"is reached by more than {MostRedirects} redirects");
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> Get(Uri address, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(HeadersWithin);
        try
        {
            return await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (Exception e) when (OutgoingAddresses.IsRefusal(e))
        {
            throw new InvalidRequestException(FieldProblem.At(
                "/url", "private-address", $"{address.Host} is an address of a private network, which is not fetched from unless {OutgoingAddresses.Variable} is true."));
        }
        catch (ArgumentException)
        {
            // Such as 0.0.0.0.
            throw new InvalidRequestException(FieldProblem.At("/url", "malformed", $"{address.Host} is no address of a host."));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Failed(address, $"does not answer within {HeadersWithin.TotalSeconds:0} seconds");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw Failed(address, $"cannot be fetched: {e.Message}");
        }
    }

    private static RefusedException Failed(Uri address, string what) => new("not-fetched", $"{address.GetLeftPart(UriPartial.Path)} {what}.", StatusCodes.Status502BadGateway);

    /// <summary>Fails with a reason that the client is told, when the other side breaks off or falls silent.</summary>
    private sealed class PatientStream(Stream inner, Uri address) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(LongestSilence);
            try
            {
                return await inner.ReadAsync(buffer, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Failed(address, $"fell silent for {LongestSilence.TotalSeconds:0} seconds in the middle of the file");
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw Failed(address, "broke off in the middle of the file");
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
