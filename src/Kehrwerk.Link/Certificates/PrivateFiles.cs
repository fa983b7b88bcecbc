namespace Kehrwerk.Link.Certificates;

/// <summary>Writes certificates and keys so that nobody else can read a secret and nothing is ever half written.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForAllToRead = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes a folder that only this user can enter (mode 0700); one that is there must be so too.</summary>
    /// <exception cref="CertificateException">It cannot be made, or others can enter it.</exception>
    public static void MakeFolder(string path)
    {
        Guard(path, () =>
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
                return;
            }

            const UnixFileMode own = OwnerOnly | UnixFileMode.UserExecute;
            var mode = Directory.CreateDirectory(path, own).UnixFileMode;
            if ((mode & ~own) != 0)
            {
                throw new CertificateException(path, "other users can enter this folder, which is to hold private keys", $"Close it with: chmod 700 {path}");
            }
        });
    }

    /// <summary>Holds the folder for this process alone.</summary>
    /// <exception cref="CertificateException">Another process holds it.</exception>
    public static FileStream Own(string folder)
    {
        try
        {
            return new(Path.Combine(folder, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException(folder, "another process uses this folder, or this user may not write it", "Wait until the other one is done, or choose another folder with --pki", e);
        }
    }

    /// <summary>Writes a file whole or not at all.</summary>
    /// <param name="isSecret">Mode 0600 from its first byte on, else 0644.</param>
    /// <param name="overwrite">Whether it takes the place of one that is there.</param>
    /// <exception cref="CertificateException">It is there already, or cannot be written.</exception>
    public static void Write(string path, string text, bool isSecret, bool overwrite = false) => Guard(path, () =>
    {
        var incoming = path + ".incoming";
        File.Delete(incoming);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = isSecret ? OwnerOnly : ForAllToRead;
        }

        using (var stream = new FileStream(incoming, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text.TrimEnd('\n') + "\n");
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(incoming, path, overwrite);
    });

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException(path, "it cannot be written: " + e.Message.TrimEnd('.'), "Choose a folder that this user may write", e);
        }
    }
}
