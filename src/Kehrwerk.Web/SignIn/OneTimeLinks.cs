using System.Buffers.Text;
using System.Security.Cryptography;

namespace Kehrwerk.Web.SignIn;

/// <summary>
/// Issues tokens that sign a person in once. A token has 256 random bits, works for <see cref="Lifetime"/>, and only its
/// SHA-256 hash is kept, in memory: whoever reads the memory or a dump of it cannot sign in with what they find.
/// Thread-safe.
/// </summary>
/// <param name="time">The real clock, not a simulated one that may run faster.</param>
public sealed class OneTimeLinks(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const int TokenBytes = 32;

    /// <summary>More open links than this push out the one that ends first.</summary>
    private const int MaxOpen = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> endByHash = new(StringComparer.Ordinal);

    /// <summary>A new token, safe in an address: 43 characters of base64url.</summary>
    public string Issue()
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        lock (gate)
        {
            Forget(time.GetUtcNow());
            if (endByHash.Count >= MaxOpen)
            {
                endByHash.Remove(endByHash.MinBy(entry => entry.Value).Key);
            }

            endByHash[Hash(token)] = time.GetUtcNow() + Lifetime;
        }

        return token;
    }

    /// <summary>The path to give to a person, to be put behind the address of the site.</summary>
    public string IssuePath() => $"/sign-in?token={Issue()}";

    /// <summary>Whether the token would work now. Does not use it up.</summary>
    public bool IsOpen(string token)
    {
        lock (gate)
        {
            return endByHash.TryGetValue(Hash(token), out var end) && time.GetUtcNow() < end;
        }
    }

    /// <summary>Uses the token up; true exactly once for each token, within its lifetime.</summary>
    public bool Redeem(string token)
    {
        lock (gate)
        {
            return endByHash.Remove(Hash(token), out var end) && time.GetUtcNow() < end;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (hash, end) in endByHash)
        {
            if (end <= now)
            {
                endByHash.Remove(hash);
            }
        }
    }

    private static string Hash(string token) => Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)));
}
