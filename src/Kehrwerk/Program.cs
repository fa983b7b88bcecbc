Console.WriteLine("Kehrwerk");
