using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>A server on loopback that answers whatever it is asked with the same bytes, perhaps behind a certificate that nobody trusts.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task serving;

    private RawServer(string answer, X509Certificate2? certificate)
    {
        listener.Start();
        serving = Serve(Encoding.Latin1.GetBytes(answer), certificate);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static RawServer Start(string answer, bool secure = false) => new(answer, secure ? SelfSigned() : null);

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
    }

    private async Task Serve(byte[] answer, X509Certificate2? certificate)
    {
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using Stream stream = certificate is null ? client.GetStream() : new SslStream(client.GetStream());
                if (stream is SslStream tls)
                {
                    await tls.AuthenticateAsServerAsync(certificate!);
                }

                await stream.ReadAtLeastAsync(new byte[4_096], 1, throwOnEndOfStream: false);
                await stream.WriteAsync(answer);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // Whoever does not trust it goes away.
            }
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2_048);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
