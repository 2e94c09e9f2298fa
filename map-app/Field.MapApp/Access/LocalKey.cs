using System.Security.Cryptography;
using System.Text;
using Field.Contracts;

namespace Field.MapApp.Access;

/// <summary>
/// How the commands of this machine (<c>./field alarms</c>, <c>lock</c> and others) show the server that they may read its data folder: a key in
/// a file for its user only, made anew at each start. Whoever may read that folder can read everything anyway.
/// </summary>
internal sealed class LocalKey
{
    private const string Scheme = "Field-Local ";
    private readonly byte[] _header;

    private LocalKey(string header) => _header = Encoding.ASCII.GetBytes(header);

    /// <summary>Makes the key of a server that starts.</summary>
    public static LocalKey Create(string dataDirectory)
    {
        string key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        PrivateFiles.CreateFolder(AccountFolder.PathOf(dataDirectory));
        PrivateFiles.Replace(PathOf(dataDirectory), Encoding.ASCII.GetBytes(key));
        return new(Scheme + key);
    }

    /// <summary>The header for a command; null when there is no key, or this user may not read it.</summary>
    public static string? Header(string dataDirectory)
    {
        try
        {
            return Scheme + File.ReadAllText(PathOf(dataDirectory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool Matches(string header) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header), _header);

    private static string PathOf(string dataDirectory) => Path.Combine(AccountFolder.PathOf(dataDirectory), "local.key");
}
